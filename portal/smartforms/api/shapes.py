"""What the calls take and give, for the description in OpenAPI."""

from rest_framework import serializers


class FormRowSerializer(serializers.Serializer):
    slug = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    service = serializers.CharField(help_text="The service of the council that it belongs to.")
    version = serializers.IntegerField()


class FormsSerializer(serializers.Serializer):
    forms = FormRowSerializer(many=True)


class OptionSerializer(serializers.Serializer):
    value = serializers.CharField()
    label = serializers.CharField()
    hint = serializers.CharField(allow_blank=True)


class QuestionSerializer(serializers.Serializer):
    key = serializers.CharField()
    kind = serializers.CharField()
    label = serializers.CharField(help_text="What is asked. `help`, `hint` and `why` are shown with it.")
    hint = serializers.CharField(allow_blank=True)
    help = serializers.CharField(allow_blank=True)
    why = serializers.CharField(allow_blank=True)
    required = serializers.BooleanField()
    is_conditional = serializers.BooleanField(help_text="Whether it is asked depends on earlier answers.")
    data_class = serializers.CharField(help_text="ordinary, personal or special (category)")
    options = OptionSerializer(many=True)
    rows = OptionSerializer(many=True)
    schema = serializers.DictField(help_text="JSON Schema of an answer.")


class StepSerializer(serializers.Serializer):
    key = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.CharField(help_text="questions, group or information")
    body = serializers.CharField(allow_blank=True)
    is_conditional = serializers.BooleanField()
    questions = QuestionSerializer(many=True)
    item_name = serializers.CharField(required=False, help_text="Of a group: what one thing of it is called.")
    least = serializers.IntegerField(required=False)
    most = serializers.IntegerField(required=False)
    schema = serializers.DictField(required=False, help_text="Of a group: JSON Schema of the list.")


class CalculationSerializer(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()


class FormDefinitionSerializer(FormRowSerializer):
    published_at = serializers.DateTimeField()
    declaration = serializers.CharField(allow_blank=True, help_text="What one declares by sending; empty: nothing.")
    steps = StepSerializer(many=True)
    calculations = CalculationSerializer(many=True)


class StepStateSerializer(serializers.Serializer):
    key = serializers.CharField()
    is_done = serializers.BooleanField()
    questions = serializers.ListField(child=serializers.CharField(), help_text="Those that are asked now.")
    asked_again = serializers.ListField(
        child=serializers.CharField(), help_text="Why a new version of the form asks this step once more."
    )


class OutcomeSerializer(serializers.Serializer):
    key = serializers.CharField()
    title = serializers.CharField()
    body = serializers.CharField(allow_blank=True)
    sends = serializers.BooleanField(help_text="False: it explains, and there is nothing to send.")


class DraftStateSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    form = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(choices=["open", "sent"])
    expires_at = serializers.DateTimeField(help_text="Unless something is saved before.")
    steps = StepStateSerializer(many=True, help_text="Those that are shown, up to the next one.")
    next_step = serializers.CharField(allow_null=True, help_text="null: everything is answered.")
    answers = serializers.DictField(help_text="The answers that count. What is hidden is not there.")
    calculated = serializers.DictField(child=serializers.CharField())
    outcome = OutcomeSerializer(allow_null=True)


class SaveStepSerializer(serializers.Serializer):
    answers = serializers.JSONField(
        help_text="By question; of a group a list of such objects; of an information page an empty object."
    )


class SubmitSerializer(serializers.Serializer):
    declared = serializers.BooleanField(required=False, help_text="Needed when the form has a declaration.")


class HandOverSerializer(serializers.Serializer):
    email = serializers.EmailField(help_text="Where the link is sent.")


class FileSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes, as we keep it.")


class UploadSerializer(serializers.Serializer):
    file = serializers.FileField()


class SubmissionSerializer(serializers.Serializer):
    draft = serializers.UUIDField()
    form = serializers.CharField()
    version = serializers.IntegerField()
    reference = serializers.CharField(help_text="Of the request, for the person.")
    outcome = serializers.CharField()
    sent_at = serializers.DateTimeField()
    state = serializers.CharField()
    state_in_words = serializers.CharField()
    promise_on = serializers.DateField(help_text="The day by which it is done.")


class SubmissionsSerializer(serializers.Serializer):
    submissions = SubmissionSerializer(many=True)
    next = serializers.CharField(allow_null=True, help_text="Send it as `page` for the rest.")


class AnswerErrorSerializer(serializers.Serializer):
    question = serializers.CharField(allow_null=True)
    index = serializers.IntegerField(allow_null=True, help_text="In a group: which thing, from 0.")
    message = serializers.CharField()


class AnswersRefusedSerializer(serializers.Serializer):
    detail = serializers.CharField()
    errors = AnswerErrorSerializer(many=True)


class NotCompleteSerializer(serializers.Serializer):
    detail = serializers.CharField()
    step = serializers.CharField(allow_null=True, help_text="Where to go on.")


class FormProblemSerializer(serializers.Serializer):
    detail = serializers.CharField()

"""A form of one question, whose answer is a proof."""


def proof_form(slug: str, *, proves: tuple[str, ...] = ("identity",)) -> dict:
    return {
        "slug": slug,
        "title": f"Apply for {slug}",
        "summary": "With a proof.",
        "service": slug,
        "steps": [
            {
                "key": "proof",
                "title": "Proof",
                "questions": [
                    {
                        "key": "proof",
                        "kind": "files",
                        "label": "Proof of who you are",
                        "setup": [{"name": name, "value": "yes"} for name in proves],
                    },
                ],
            }
        ],
        "outcomes": [{"key": "sent", "title": "We have it"}],
        "destinations": [{"service": slug, "case_title": "Proof"}],
    }

from django.urls import path

from demo import views

urlpatterns = [path("", views.sign_ins, name="demo_sign_ins")]

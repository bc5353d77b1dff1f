"""Addresses of a patient's papers: documents, files, referrals."""

from django.urls import path

from patients import document_views, referral_views

PAPERS = [
    path("<int:pk>/documents/new/", document_views.record_document, name="document-new"),
    path("<int:pk>/documents/<int:document>/withdrawn/", document_views.withdraw_document, name="document-withdraw"),
    path("<int:pk>/documents/<int:document>/files/new/", document_views.add_file, name="document-file-new"),
    path("<int:pk>/files/<int:attachment>/", document_views.document_file, name="document-file"),
    path("<int:pk>/referrals/new/", referral_views.new_referral, name="referral-new"),
    path("<int:pk>/referrals/paper/", referral_views.paper_referral, name="referral-paper"),
    path("<int:pk>/referrals/<int:referral>/", referral_views.referral_detail, name="referral"),
    path("<int:pk>/referrals/<int:referral>/edit/", referral_views.edit_referral, name="referral-edit"),
    path("<int:pk>/referrals/<int:referral>/submitted/", referral_views.submit_referral, name="referral-submit"),
    path("<int:pk>/referrals/<int:referral>/withdrawn/", referral_views.withdraw_referral, name="referral-withdraw"),
    path("<int:pk>/referrals/<int:referral>/question/", referral_views.return_referral, name="referral-return"),
    path("<int:pk>/referrals/<int:referral>/signature/", referral_views.sign_referral, name="referral-sign"),
    path("<int:pk>/referrals/<int:referral>/revocation/", referral_views.revoke_referral, name="referral-revoke"),
    path("<int:pk>/referrals/<int:referral>/taken-back/", referral_views.take_back_paper, name="referral-take-back"),
]

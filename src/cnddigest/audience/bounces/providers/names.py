"""The names of all Providers, for whoever needs nothing else of them."""

SENDGRID = "sendgrid"
SES = "ses"
PIPE = "rfc822"
PROVIDERS = ("brevo", "mailgun", "mailjet", "postmark", "resend", PIPE, SENDGRID, SES, "sparkpost")
PUBLIC = frozenset({SENDGRID, SES})  # what shows that a request is theirs is no secret

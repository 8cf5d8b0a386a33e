"""The names of all Providers, for whoever needs nothing else of them."""

SES = "ses"
PIPE = "rfc822"
PROVIDERS = ("brevo", "mailgun", "mailjet", "postmark", "resend", PIPE, "sendgrid", SES, "sparkpost")
PUBLIC = frozenset({"sendgrid", SES})  # what shows that a request is theirs is no secret

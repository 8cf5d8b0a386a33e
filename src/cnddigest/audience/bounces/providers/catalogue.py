"""Every Provider that there is, by the name it has in the configuration."""

from cnddigest.audience.bounces.providers.brevo import BREVO
from cnddigest.audience.bounces.providers.mailgun import MAILGUN
from cnddigest.audience.bounces.providers.mailjet import MAILJET
from cnddigest.audience.bounces.providers.pipe import PIPE
from cnddigest.audience.bounces.providers.postmark import POSTMARK
from cnddigest.audience.bounces.providers.resend import RESEND
from cnddigest.audience.bounces.providers.sendgrid import SENDGRID
from cnddigest.audience.bounces.providers.ses import SES
from cnddigest.audience.bounces.providers.sparkpost import SPARKPOST

PROVIDERS = {each.name: each for each in (BREVO, MAILGUN, MAILJET, POSTMARK, RESEND, PIPE, SENDGRID, SES, SPARKPOST)}

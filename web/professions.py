"""The professions by name, as the form offers them."""

from web.words import N_

PROFESSION_NAMES = {
    "medicine": N_("Medicine"),
    "nursing": N_("Nursing"),
    "midwifery": N_("Midwifery"),
    "pharmacy": N_("Pharmacy"),
    "dentistry": N_("Dentistry"),
    "physiotherapy": N_("Physiotherapy"),
    "occupational_therapy": N_("Occupational therapy"),
    "paramedicine": N_("Paramedicine"),
    "psychology": N_("Psychology"),
    "radiography": N_("Radiography"),
    "speech_language_therapy": N_("Speech and language therapy"),
    "dietetics": N_("Dietetics"),
    "public_health": N_("Public health"),
    "veterinary": N_("Veterinary medicine"),
    "education": N_("Education"),
    "other": N_("Another one"),
    "rather_not_say": N_("Rather not say"),
}
"""By the codes of ``store.attempts.PROFESSIONS``."""

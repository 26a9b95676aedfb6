/** The sentences that ask for consent, by key: apart from the others, since most guests never read them. */
export const CONSENT_TEXTS = {
  consentTitle: "Shall we talk?",
  consent:
    "To answer you, we keep this conversation in your browser and send what you write to our team through Genesys Cloud.",
  consentAgree: "Agree and start",
  consentDecline: "Not now",
};

export type ConsentTextKey = keyof typeof CONSENT_TEXTS;

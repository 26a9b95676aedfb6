/** The sentences of what only some deployments offer, by key. */
const EXTRA_TEXTS = {
  more: "More",
  clear: "Clear conversation",
  clearSure: "All that was said is erased, here and on your other devices.",
  clearYes: "Clear",
  clearNo: "Keep",
  signIn: "Sign in",
  signOut: "Sign out",
  expires: "This chat ends {} unless you write.",
  takeOver: "Continue here",
};

/** The page's own sentences win. */
export const toExtraTexts = (texts: object): typeof EXTRA_TEXTS => ({ ...EXTRA_TEXTS, ...texts });

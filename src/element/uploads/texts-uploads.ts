/** The sentences of files on their way up, by key. */
const UPLOAD_TEXTS = {
  attach: "Attach a file",
  files: "Files",
  dropHere: "Drop files here",
  uploading: "Uploading {}",
  ofBytes: "{} of {}",
  ready: "Ready to send, {}",
  wanted: "Sent when uploaded",
  cancelFile: "Cancel {}",
  removeFile: "Remove {}",
  retryFile: "Try again: {}",
};

export type UploadTexts = typeof UPLOAD_TEXTS;

/** The page's own sentences win. */
export const toUploadTexts = (texts: object): UploadTexts => ({ ...UPLOAD_TEXTS, ...texts });

/** onAttachment, getAttachment and deleteAttachment (sections 2.7 and 3.9 of the protocol): each gives its answer. */
import type { AboutAttachment, OnAttachment } from "../../wire/web-messaging/requests.ts";
import { type Frame, push, refuse, respond } from "./frames.ts";
import type { GuestSession } from "./guest-session.ts";
import type { GuestLine } from "./line.ts";

export function onAttachment(line: GuestLine, guest: GuestSession, request: OnAttachment): Frame {
  const { attachmentId, fileName, fileType, fileSize, errorsAsJson, tracingId } = request;
  if (guest.conversation.readOnly) return refuse(409, "The conversation is read-only", tracingId);
  const asked = line.shared.uploads.presign(line.asker, { attachmentId, fileName, fileType, fileSize });
  if (asked.ok) return respond("PresignedUrlResponse", asked.body, tracingId);
  const { errorCode, errorMessage } = asked.fault;
  return errorsAsJson
    ? respond("GenerateUrlError", { errorCode, errorMessage, attachmentId }, tracingId, 400)
    : refuse(errorCode, errorMessage, tracingId);
}

export function getAttachment(line: GuestLine, { attachmentId, tracingId }: AboutAttachment): Frame {
  const found = line.shared.uploads.refresh(line.asker, attachmentId);
  if (found.ok) return respond("PresignedUrlResponse", found.body, tracingId);
  return refuse(found.fault.errorCode, found.fault.errorMessage, tracingId);
}

export function deleteAttachment(line: GuestLine, { attachmentId, tracingId }: AboutAttachment): Frame {
  const removed = line.shared.uploads.remove(line.asker, attachmentId);
  if (removed.ok) return push("AttachmentDeletedResponse", removed.body, tracingId);
  return refuse(removed.fault.errorCode, removed.fault.errorMessage, tracingId);
}

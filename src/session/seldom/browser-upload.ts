/** Upload as a browser does it: XMLHttpRequest, also in a worker, since fetch tells nothing of what is on its way. */
import type { Platform, Upload, UploadRequest } from "../platform.ts";

/** The platform's own, or the browser's. */
export const uploadOf = (platform: Platform): Upload =>
  platform.upload ??
  (typeof XMLHttpRequest === "function" ? uploadByRequest : (...call) => uploadByFetch(platform, ...call));

const uploadByRequest: Upload = ({ url, headers, file }, onProgress, signal) =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => resolve(request.status);
    request.onerror = () => reject(new TypeError("the upload was cut"));
    signal.addEventListener("abort", () => {
      request.abort();
      reject(signal.reason);
    });
    request.send(file);
  });

/** Without progress: a program has no XMLHttpRequest. */
async function uploadByFetch(platform: Platform, request: UploadRequest, _: unknown, signal: AbortSignal) {
  const { url, headers, file } = request;
  const { status } = await platform.fetch(url, {
    method: "PUT",
    headers: { ...(file.type && { "Content-Type": file.type }), ...headers },
    body: file,
    credentials: "omit",
    redirect: "error",
    signal,
  });
  return status;
}

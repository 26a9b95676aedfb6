/** Cryptography of a simulation: the same digests and signatures, made at once, as other threads know nothing of virtual time. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

const secrets = new WeakMap<CryptoKey, Uint8Array>();
const importKey = crypto.subtle.importKey.bind(crypto.subtle) as (...given: unknown[]) => Promise<CryptoKey>;

const toBuffer = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

function sign(_: unknown, key: CryptoKey, data: Uint8Array): Buffer {
  const secret = secrets.get(key);
  if (!secret || key.algorithm.name !== "HMAC") throw new Error(`no simulated ${key.algorithm.name}`);
  return createHmac("sha256", secret).update(data).digest();
}

/** For HS256 and SHA-256, which are all that broker and sandbox use; anything else throws. `randomId` makes every UUID. */
export function useSimulatedCrypto(randomId: () => string): void {
  Object.defineProperty(crypto, "randomUUID", { value: randomId, configurable: true });
  Object.assign(crypto.subtle, {
    async importKey(format: string, bytes: Uint8Array, ...rest: unknown[]) {
      const key = await importKey(format, bytes, ...rest);
      secrets.set(key, new Uint8Array(bytes));
      return key;
    },
    async digest(_: unknown, data: ArrayBuffer) {
      return toBuffer(createHash("sha256").update(new Uint8Array(data)).digest());
    },
    sign: async (...given: Parameters<typeof sign>) => toBuffer(sign(...given)),
    async verify(algorithm: unknown, key: CryptoKey, signature: Uint8Array, data: Uint8Array) {
      const right = sign(algorithm, key, data);
      return right.length === signature.length && timingSafeEqual(right, signature);
    },
  });
}

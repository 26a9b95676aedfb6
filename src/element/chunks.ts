/** Chunks: views that few guests need, fetched when there is something for them to show. */
import type { ReactiveControllerHost } from "lit";
import { SHARED } from "./kit.ts";

const IMPORTS = {
  asking: () => import("./views/asking.ts"),
  extras: () => import("./extras/extras.ts"),
  later: () => import("./later/later.ts"),
  look: () => import("./look/look.ts"),
  pickers: () => import("./rich/pickers.ts"),
  rich: () => import("./rich/rich.ts"),
  text: () => import("./rich/text.ts"),
  uploads: () => import("./uploads/uploads.ts"),
};

type Name = keyof typeof IMPORTS;
type Views = { [N in Name]: ReturnType<Awaited<ReturnType<(typeof IMPORTS)[N]>>["create"]> };

/** One that could not be had is asked for again after so long, in ms, when something is shown anew. */
const AGAIN = 5000;

export class Chunks {
  /** Those that are there. */
  readonly views: Partial<Views> = {};
  /** Those that could not be had. */
  readonly missing = new Set<Name>();

  /** Their style sheets, as texts: each document takes only sheets of its own. */
  readonly styles: string[] = [];

  #host: ReactiveControllerHost & Element;
  #asked = new Map<Name, Promise<void>>();

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
  }

  /** The views of a chunk once they are there; then the host is updated. `onFailed`: it could not be had, this time. */
  get<N extends Name>(name: N, onFailed = (_: unknown) => {}): Partial<Views>[N] {
    this.load(name, onFailed);
    return this.views[name];
  }

  /** Resolves when it is there, or could not be had. */
  load(name: Name, onFailed = (_: unknown) => {}): Promise<void> {
    let loading = this.#asked.get(name);
    if (!loading) {
      loading = this.#fetch(name).catch((error) => {
        this.missing.add(name);
        onFailed(error);
        this.#host.requestUpdate();
        setTimeout(() => this.#asked.delete(name), AGAIN);
      });
      this.#asked.set(name, loading);
    }
    return loading;
  }

  async #fetch(name: Name): Promise<void> {
    const { styles, create } = await IMPORTS[name]();
    const sheet = new (this.#host.ownerDocument.defaultView ?? window).CSSStyleSheet();
    sheet.replaceSync(styles);
    const root = this.#host.shadowRoot as ShadowRoot;
    root.adoptedStyleSheets.push(sheet);
    this.styles.push(styles);
    const update = () => {
      this.#host.requestUpdate();
      return this.#host.updateComplete;
    };
    Object.assign(this.views, { [name]: create({ ...SHARED, root, update }) });
    this.missing.delete(name);
    update();
  }
}

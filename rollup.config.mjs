/** Bundles build/ to dist/. One build for each realm that runs the files, so that none carries what only another needs. */
import { createHash } from "node:crypto";
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import terser from "@rollup/plugin-terser";

const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));

const chunks = { dir: "dist", chunkFileNames: "[name]-[hash:6].js", hashCharacters: "hex" };
const isDependency = (id) => Object.keys(dependencies).some((name) => id === name || id.startsWith(`${name}/`));

/** What rollup only warns of and we do not ship. */
const refused = new Set(["UNRESOLVED_IMPORT", "CIRCULAR_DEPENDENCY", "MISSING_EXPORT", "EVAL"]);
const onwarn = (warning, warn) => {
  if (refused.has(warning.code)) throw new Error(warning.message);
  warn(warning);
};

// Lit's "development" condition would bring its warnings; node-resolve takes it unless told "production".
const resolve = nodeResolve({ browser: true, exportConditions: ["production"] });

/** Chunks bear a hash: what an earlier build left would be shipped with the package. */
const startAfresh = { name: "start-afresh", buildStart: () => rmSync("dist", { recursive: true, force: true }) };

/** Style sheets are strings, which terser leaves as they are written. Our own tokens get short names; `--chat-*` are the page's. */
const tokens = new Map();
const toShort = (token) => {
  if (!tokens.has(token)) tokens.set(token, `--${tokens.size.toString(36)}`);
  return tokens.get(token);
};
const tightenStyles = {
  name: "tighten-styles",
  transform(code) {
    const toTight = (sheet) => {
      if (sheet.includes("${")) this.error("a style sheet with values in it: see plainStyles");
      return sheet
        .replace(/\/\*[\s\S]*?\*\//g, "")
        .replace(/\s+/g, " ")
        .replace(/ ?([`{};,]) ?/g, "$1")
        .replace(/: /g, ":")
        .replace(/;}/g, "}")
        .replace(/--(?!chat-)[a-z-]+/g, toShort);
    };
    return { code: code.replace(/\bcss (?:\*\/ )?`[^`]*`/g, toTight), map: null };
  },
};

/** Line breaks of the formatter's in a template, before a tag, its end, or a listener. */
const tightenTemplates = {
  name: "tighten-templates",
  transform(code, id) {
    if (!/\/element\/(views|extras|later|rich|uploads|genesys)/.test(id)) return null;
    if (code.includes("<!--")) this.error("a comment in a template: Lit as it is bundled knows none");
    return { code: code.replace(/\n\s+>/g, ">").replace(/\n\s+(?=[<@])/g, " "), map: null };
  },
};

/** tsc rewrites ".ts" in computed imports at run time; ours are never ".ts", and the loader has no byte to spare. */
const plainImports = {
  name: "plain-imports",
  transform: (code) => ({
    code: code
      .replace(/^var __rewriteRelativeImportExtension = [\s\S]*?^};$/m, "")
      .replace(/\bimport\(__rewriteRelativeImportExtension\(([^()]*)\)\)/g, "import($1)"),
    map: null,
  }),
};

/**
 * What a package brings along and these bundles never use; every byte is paid for by each guest. Of Lit: what serves
 * polyfills, server rendering, decorators, directives, compiled templates, templates of SVG and MathML, expressions in raw
 * text, comments and in the place of attributes, and properties that are neither strings nor booleans or have accessors or
 * converters of their own; what was left out cannot be imported, or shows at once.
 */
const unused = [
  {
    module: /\/reactive-element\.js$/,
    parts: [
      /Symbol\.metadata\?\?=Symbol\("metadata"\),a\.litPropertyMetadata\?\?=new WeakMap;/,
      /const t=this\[Symbol\.metadata\];if\(null!==t\)\{.*?\}(?=this\._\$Eh=new Map)/,
      /static addInitializer\(t\)\{.*?\}(?=static get observedAttributes)/,
      /,void 0!==t\.l&&\(this\.l=\[\.\.\.t\.l\]\)/,
      /,this\.constructor\.l\?\.forEach\(t=>t\(this\)\)/,
      /,p=a\.reactiveElementPolyfillSupport\b/,
      /,p\?\.\(\{ReactiveElement:y\}\),\(a\.reactiveElementVersions\?\?=\[\]\)\.push\("[\d.]+"\)/,
      // Of converters: ours are of strings and booleans.
      /case Object:case Array:t=null==t\?t:JSON\.stringify\(t\)/,
      /case Number:i=null===t\?null:Number\(t\);break;case Object:case Array:try\{i=JSON\.parse\(t\)\}catch\(t\)\{i=null\}/,
      /void 0!==i\.converter\?\.toAttribute\?i\.converter:/,
      /"function"==typeof t\.converter\?\{fromAttribute:t\.converter\}:void 0!==t\.converter\?\.fromAttribute\?t\.converter:/,
      // Of defaults that attributes go back to, and of accessors of one's own.
      /\|\|i\.useDefault&&i\.reflect&&h===this\._\$Ej\?\.get\(t\)&&!this\.hasAttribute\(r\._\$Eu\(t,i\)\)/,
      /\?\?this\._\$Ej\?\.get\(e\)\?\?r/,
      /i&&!\(this\._\$Ej\?\?=new Map\)\.has\(t\)&&\(this\._\$Ej\.set\(t,r\?\?s\?\?this\[t\]\),!0!==h\|\|void 0!==r\)\|\|/,
      /\|\|i(?=\|\|\(s=void 0\))/,
      /(?<=\(t,s,\{)useDefault:i,(?=reflect:e)/,
      /(?<=reflect:e),wrapped:h(?=\},r\))/,
      /this\.prototype\.hasOwnProperty\(t\)&&\(\(s=Object\.create\(s\)\)\.wrapped=!0\),/,
      /const t=this\.constructor\.elementProperties;if\(t\.size>0\)for\(const\[s,i\]of t\)\{const\{wrapped:t\}=i,e=this\[s\];.*?this\.C\(s,void 0,i,e\)\}/,
      // Style sheets are a plain list, see plainStyles.
      /this\.finalizeStyles\((?=this\.styles\))/,
      /\)\}static finalizeStyles\(s\)\{.*?return i(?=\}static)/,
      /,\.\.\.o\(t\)/,
      /removeController\(t\)\{.*?\}(?=_\$E_)/,
      // Of options and a step of the life cycle that no property and no element of ours has.
      /s\.state&&\(s\.attribute=!1\),(?=this\._\$Ei)/,
      /converter:u,(?=reflect)/,
      /useDefault:!1,(?=hasChanged)/,
      /h\(this\.prototype,t\)\?\?(?=\{get)/,
      /,this\.firstUpdated\(t\)/,
      /firstUpdated\(t\)\{\}/,
    ],
  },
  {
    module: /\/lit-element\.js$/,
    parts: [
      /,s\.litElementHydrateSupport\?\.\(\{LitElement:i\}\)/,
      /const o=s\.litElementPolyfillSupport;o\?\.\(\{LitElement:i\}\);/,
      /\(s\.litElementVersions\?\?=\[\]\)\.push\("[\d.]+"\);/,
      /this\.hasUpdated\|\|\(this\.renderOptions\.isConnected=this\.isConnected\),/,
      /connectedCallback\(\)\{super\.connectedCallback\(\),this\._\$Do\?\.setConnected\(!0\)\}/,
      /disconnectedCallback\(\)\{super\.disconnectedCallback\(\),this\._\$Do\?\.setConnected\(!1\)\}/,
    ],
  },
  {
    module: /\/lit-html\.js$/,
    parts: [
      /,B=t\.litHtmlPolyfillSupport;B\?\.\(S,k\),\(t\.litHtmlVersions\?\?=\[\]\)\.push\("[\d.]+"\)/,
      /(?<=function M\(t,i,s=t,e\)\{)if\(i===E\)return i;let h=.*?;(?=return h\?\.constructor)/,
      /(?<=return )h\?\.constructor!==o&&.*?,h,e\)\),(?=i\}class R)/,
      /,T as mathml\b/,
      /,w as svg\b/,
      /(?<=,l=)2===i\?"<svg>":3===i\?"<math>":(?="")/,
      /\+\(2===i\?"<\/svg>":3===i\?"<\/math>":""\)/,
      /const t=this\.el\.content\.firstChild;t\.replaceWith\(\.\.\.t\.childNodes\)/,
      /(?<=e=)"number"==typeof s\?(?=this\._\$AC\(t\))/,
      // Expressions where we have none: in raw text, in comments, in the place of an attribute.
      /y\.test\(u\[2\]\)&&\(n=RegExp\("<\/"\+u\[2\],"g"\)\),/,
      /(?<=c=)n\?\?(?=v)/,
      /,n=void 0(?=\))/,
      /if\(y\.test\(r\.tagName\)\)\{.*?r\.append\(t\[i\],c\(\)\)\}\}(?=\}else if\(8)/,
      /else\{let t=-1;for\(.*?t\+=o\.length-1\}(?=l\+\+)/,
      /else t\.startsWith\(o\)&&\(d\.push\(\{type:6,index:l\}\),r\.removeAttribute\(t\)\);/,
      /1===r\.type\?(?=i=new r\.ctor)/,
      /:6===r\.type&&\(i=new Z\(h,this,t\)\)/,
      // What only directives ask for: where a part stands, and whether it is connected.
      /get parentNode\(\)\{return this\._\$AM\.parentNode\}get _\$AU\(\)\{return this\._\$AM\._\$AU\}/,
      /get _\$AU\(\)\{return this\._\$AM\?\._\$AU\?\?this\._\$Cv\}/,
      /,this\._\$Cv=e\?\.isConnected\?\?!0/,
      /get parentNode\(\)\{let t=.*?return this\._\$AB\}(?=_\$AI)/,
      /this\._\$AP\?\.\(!1,!0,s\)/,
      /setConnected\(t\)\{.*?\}(?=\}class H)/,
      /get tagName\(\)\{return this\.element\.tagName\}get _\$AU\(\)\{return this\._\$AM\._\$AU\}/,
      // And what kind of part it is, of which, and what of it is connected.
      /(?<=this\._\$AV=\[\],)this\._\$AN=void 0,/,
      /(?<=this\._\$AD=t),this\._\$AM=i/,
      /(?<=constructor\(t,i,s,e\)\{)this\.type=2,/,
      /(?<=this\._\$AH=A,)this\._\$AN=void 0,(?=this\._\$AA)/,
      /this\._\$AM=s,(?=this\.options=e)/,
      /this\.type=1,(?=this\._\$AH=A)/,
      /(?<=this\._\$AH=A,)this\._\$AN=void 0,(?=this\.element)/,
      /this\._\$AM=e,(?=this\.options=h)/,
      /constructor\(\)\{super\(\.\.\.arguments\),this\.type=3\}/,
      /constructor\(\)\{super\(\.\.\.arguments\),this\.type=4\}/,
      /constructor\(t,i,s,e,h\)\{super\(t,i,s,e,h\),this\.type=5\}/,
      // Comments, which tightenTemplates refuses.
      /"!--"===u\[1\]\?c=_:void 0!==u\[1\]\?c=m:(?=void 0!==u\[2\])/,
      /c===_\|\|c===m\?c=v:(?=\(c=p)/,
      /\|\|t\.capture!==s\.capture\|\|t\.once!==s\.once\|\|t\.passive!==s\.passive/,
      /(?<=this\._\$AC\(t\)):\(void 0===s\.el&&\(s\.el=S\.createElement\(V\(s\.h,s\.h\[0\]\),this\.options\)\),s\)/,
    ],
  },
];
const withoutUnused = {
  name: "without-unused",
  transform(code, id) {
    if (/\/directive\.js$/.test(id)) this.error("A directive is imported: take what is said of them out of `unused`");
    const parts = unused.find(({ module }) => module.test(id))?.parts;
    if (!parts) return null;
    if (!parts.every((part) => part.test(code))) this.error(`${id} has changed: look again at what is left out of it`);
    return { code: parts.reduce((left, part) => left.replace(part, ""), code), map: null };
  },
};

/**
 * Lit makes its policy when it is loaded, by a name that a page's own Lit needs; a page that forbids two of a name would
 * lose one of them. In place of it stands ours, made when it is needed.
 */
const trustedHtml = fileURLToPath(new URL("build/src/element/trusted-html.js", import.meta.url));
const OWN_POLICY = [
  [/,e=s\?s\.createPolicy\("lit-html",\{createHTML:t=>t\}\):void 0/, ""],
  [/void 0!==e\?e\.createHTML\(i\):i/, "toHtml(i)"],
];
const ownPolicy = {
  name: "own-policy",
  transform(code, id) {
    if (!/\/lit-html\.js$/.test(id)) return null;
    if (!OWN_POLICY.every(([part]) => part.test(code))) this.error(`${id} has changed: look again at its policy`);
    const own = OWN_POLICY.reduce((left, [part, ours]) => left.replace(part, ours), code);
    return { code: `import { toHtml } from ${JSON.stringify(trustedHtml)};${own}`, map: null };
  },
};

/** Every browser that knows our colours has constructed style sheets: Lit's ways around them, half a KiB, stay out. */
const LIT_STYLES =
  "export{n as CSSResult,S as adoptStyles,i as css,c as getCompatibleStyle,e as supportsAdoptingStyleSheets,r as unsafeCSS}";
const plainStyles = {
  name: "plain-styles",
  transform(code, id) {
    if (!/\/css-tag\.js$/.test(id)) return null;
    if (!code.includes(LIT_STYLES)) this.error("Lit's css-tag.js has changed: look again at what stands in its place");
    return {
      code: `
        export const css = ([text]) => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(text);
          return sheet;
        };
        export const getCompatibleStyle = (sheet) => sheet;
        export const adoptStyles = (root, sheets) => {
          root.adoptedStyleSheets = sheets;
        };
        export { css as CSSResult, css as unsafeCSS, css as supportsAdoptingStyleSheets };`,
      map: null,
    };
  },
};

/** License text -> the packages under it, over all builds. */
const bundled = new Map();

/** Licenses ask to go along with the code: dist/LICENSES.txt has those of every package that is really in a bundle. */
const licenses = {
  name: "licenses",
  writeBundle(_, files) {
    const ids = Object.values(files).flatMap(({ modules = {} }) => Object.keys(modules));
    const folders = new Set(
      ids.flatMap((id) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0] ?? []),
    );
    for (const folder of folders) {
      const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
      const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
      if (!file) this.error(`${name} is bundled and has no license file`);
      const text = readFileSync(`${folder}/${file}`, "utf8").trim();
      bundled.set(text, (bundled.get(text) ?? new Set()).add(`${name} ${version}`));
    }
    const notices = [...bundled].map(([text, names]) => `${[...names].sort().join(", ")}\n\n${text}\n`).sort();
    const head = "The bundled files in this folder contain code of these packages:\n";
    writeFileSync("dist/LICENSES.txt", [head, ...notices].join(`\n${"-".repeat(80)}\n\n`));
  },
};

/** `inline`: functions that are called once; what helps the element with its many small ones does not help the worker. */
const shrink = (inline) =>
  terser({
    ecma: 2022,
    compress: { passes: 3, unsafe_arrows: true, keep_fargs: false, inline },
    // Lit's own inner names: all of Lit that is here is in the same bundle.
    mangle: { properties: { regex: /^_/ } },
    format: { comments: false },
  });

/**
 * Hashes are noise to a compressor, and a file has one for each chunk that it imports: all chunks of a build have the same,
 * of all that the build is made of. `input` tells it from other builds, which may have chunks of the same names.
 */
function hashOnce(input) {
  let hash;
  return {
    name: "hash-once",
    buildEnd() {
      const sum = createHash("sha256").update(readFileSync("rollup.config.mjs")).update(JSON.stringify(input));
      for (const id of [...this.getModuleIds()].sort()) sum.update(this.getModuleInfo(id).code ?? "");
      hash = sum.digest("hex").slice(0, 6);
    },
    outputOptions: (output) => ({ ...output, chunkFileNames: ({ name }) => `${name}-${hash}.js` }),
  };
}

/** Files that a browser loads as they are: everything inside. */
const browser = (input, { inline = true, ...output }, ...plugins) => ({
  input,
  output: { format: "es", ...output },
  plugins: [
    ...plugins,
    hashOnce(input),
    resolve,
    plainImports,
    ownPolicy,
    withoutUnused,
    plainStyles,
    tightenStyles,
    tightenTemplates,
    shrink(inline),
    licenses,
  ],
  onwarn,
});

/**
 * A worker speaks one dialect, and has one file for it with all that the dialects share: together they compress to a
 * twentieth less than apart. So each has copies of its own of the modules, whose ids end with the dialect.
 */
const apart = {
  name: "apart",
  async resolveId(source, importer, options) {
    const [dialect] =
      /(?<=\/worker-)(guest-api|web-messaging)(?=\.js$)/.exec(source) ?? /(?<=\?).*/.exec(importer) ?? [];
    if (!dialect) return null;
    const found = await this.resolve(source, importer.replace(/\?.*/, ""), { ...options, skipSelf: true });
    return found && { ...found, id: `${found.id}?${dialect}` };
  },
  load: (id) => (id.includes("?") ? readFileSync(id.replace(/\?.*/, ""), "utf8") : null),
};

/** The page of the hub frame: what it says is its script. */
const hubPage = {
  name: "hub-page",
  generateBundle() {
    this.emitFile({ type: "asset", fileName: "hub.html", source: readFileSync("src/hub/hosts/hub.html") });
  },
};

/** The page that identity providers send guests back to: what it says is its script. */
const callbackPage = {
  name: "callback-page",
  generateBundle() {
    this.emitFile({ type: "asset", fileName: "callback.html", source: readFileSync("src/sign-in/callback.html") });
  },
};

/** Files that another's bundler or Node loads: dependencies stay imports. */
const library = (input, plugins) => ({
  input,
  external: (id) => isDependency(id) || id.startsWith("node:"),
  output: { format: "es", ...chunks },
  plugins,
  onwarn,
});

const executable = {
  name: "executable",
  writeBundle: (_, files) => {
    for (const file of Object.keys(files)) if (file.endsWith("-command.js")) chmodSync(`dist/${file}`, 0o755);
  },
};

export default [
  browser("build/src/loader/loader.js", { file: "dist/loader.js", format: "iife", strict: false }, startAfresh),
  browser({ element: "build/src/define.js" }, chunks),
  browser({ worker: "build/src/hub/hosts/worker.js" }, { ...chunks, inline: 1 }, apart),
  browser({ hub: "build/src/hub/hosts/frame-page.js" }, chunks, hubPage),
  browser({ manager: "build/src/manager/manager.js" }, chunks),
  browser({ "sign-in": "build/src/sign-in/sign-in.js" }, chunks),
  browser({ callback: "build/src/sign-in/callback.js" }, chunks, callbackPage),
  library({ index: "build/src/index.js", define: "build/src/define.js" }, [resolve, plainImports, tightenStyles]),
  library(
    {
      "manager-node": "build/src/manager/node.js",
      broker: "build/src/broker/broker.js",
      "broker-command": "build/src/broker/node.js",
      sandbox: "build/src/sandbox/sandbox.js",
      "sandbox-command": "build/src/sandbox/node.js",
    },
    [resolve, executable],
  ),
];

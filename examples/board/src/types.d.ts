/** What the dev server makes of imports that are not modules. */
declare module '*.module.css' {
  const names: Readonly<Record<string, string>>;
  export default names;
}
declare module '*.svg' {
  const url: string;
  export default url;
}
declare module '*?raw' {
  const text: string;
  export default text;
}

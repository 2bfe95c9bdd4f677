/** The package's main file is of a kind that Node does not take for a module; this one is, and has the same in it. */
declare module 'wgsl_reflect/wgsl_reflect.module.js' {
  export * from 'wgsl_reflect';
}

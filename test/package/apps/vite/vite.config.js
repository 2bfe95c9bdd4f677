export default {
  // The worker fetches parts of itself when they are wanted, which only modules can.
  worker: { format: 'es' },
  // In development: a dependency that is pre-bundled no longer finds its worker.
  optimizeDeps: { exclude: ['adaptive-lm'] },
};

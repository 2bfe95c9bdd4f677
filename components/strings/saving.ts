/** The dialog before saving, in English. */
export const savingStrings = {
  save: 'Save',
  saveTitle: 'Save the model',
  saveAs: 'As',
  cancel: 'Cancel',
  saveForms: {
    exact: ['Model file, exact', 'Opens here again as it is, and can go on learning.'],
    half: ['Model file, half the size', 'Weights of 16 bits; hardly a difference.'],
    quarter: ['Model file, a quarter of the size', 'Weights of 8 bits: for pages, and writes faster.'],
    onnx: ['ONNX', 'For ONNX Runtime and its like: one token as a graph.'],
    pytorch: ['PyTorch', 'A state dict, with the names of the author’s code.'],
  },
};

/** What the debug build asserts of the adaptive cell's many operands. */
import { AdaptiveCellBackward, AdaptiveCellForward } from '../generated/arguments';
import { check, checkMatrix, checkOptional, checkVector, checkWeights } from './check';

export function checkForward(call: AdaptiveCellForward): void {
  const b = call.B;
  const i = call.I;
  const h = call.H;
  checkOptional(call.x, call.xLd, call.xEnd, b, i);
  checkMatrix(call.h, call.hLd, call.hEnd, b, h);
  checkMatrix(call.cPrevious, call.cPreviousLd, call.cPreviousEnd, b, h);
  checkWeights(true, 4 * h, i, call.weightIh, call.weightIhLd, call.weightIhEnd);
  checkWeights(true, 4 * h, h, call.weightHh, call.weightHhLd, call.weightHhEnd);
  check(call.weightIh != 0 && call.weightHh != 0, 'weightIh and weightHh are needed');
  checkVector(call.bias, call.biasEnd, 4 * h);
  checkOptional(call.policyX, call.policyXLd, call.policyXEnd, b, i);
  checkOptional(call.policyH, call.policyHLd, call.policyHEnd, b, h);
  checkOptional(call.policyIh, call.policyIhLd, call.policyIhEnd, b, 4 * h);
  checkOptional(call.policyHh, call.policyHhLd, call.policyHhEnd, b, 4 * h);
  checkOptional(call.policyB, call.policyBLd, call.policyBEnd, b, 4 * h);
  checkOptional(call.mask, call.maskLd, call.maskEnd, b, h);
  checkOptional(call.scaledX, call.scaledXLd, call.scaledXEnd, b, i);
  checkOptional(call.scaledH, call.scaledHLd, call.scaledHEnd, b, h);
  checkOptional(call.inputPart, call.inputPartLd, call.inputPartEnd, b, 4 * h);
  checkOptional(call.hiddenPart, call.hiddenPartLd, call.hiddenPartEnd, b, 4 * h);
  checkMatrix(call.gates, call.gatesLd, call.gatesEnd, b, 4 * h);
  checkMatrix(call.c, call.cLd, call.cEnd, b, h);
  checkOptional(call.y, call.yLd, call.yEnd, b, h);
  checkMatrix(call.hNext, call.hNextLd, call.hNextEnd, b, h);
  check(!call.policyX || (call.x != 0 && call.scaledX != 0), 'policyX needs x and scaledX');
  check(!call.policyH || call.scaledH != 0, 'policyH needs scaledH');
  check(!call.policyIh || call.inputPart != 0, 'policyIh needs inputPart');
  check(!call.policyHh || call.hiddenPart != 0, 'policyHh needs hiddenPart');
  check(!call.policyB || call.x != 0 || call.inputPart != 0, 'policyB needs a bias apart from the hoisted product');
}

export function checkBackward(call: AdaptiveCellBackward): void {
  const b = call.B;
  const i = call.I;
  const h = call.H;
  checkOptional(call.x, call.xLd, call.xEnd, b, i);
  checkMatrix(call.h, call.hLd, call.hEnd, b, h);
  checkMatrix(call.cPrevious, call.cPreviousLd, call.cPreviousEnd, b, h);
  checkMatrix(call.c, call.cLd, call.cEnd, b, h);
  checkWeights(false, 4 * h, i, call.weightIh, call.weightIhLd, call.weightIhEnd);
  checkWeights(false, 4 * h, h, call.weightHh, call.weightHhLd, call.weightHhEnd);
  check(call.weightIh != 0 && call.weightHh != 0, 'weightIh and weightHh are needed');
  checkVector(call.bias, call.biasEnd, 4 * h);
  checkOptional(call.policyX, call.policyXLd, call.policyXEnd, b, i);
  checkOptional(call.policyH, call.policyHLd, call.policyHEnd, b, h);
  checkOptional(call.policyIh, call.policyIhLd, call.policyIhEnd, b, 4 * h);
  checkOptional(call.policyHh, call.policyHhLd, call.policyHhEnd, b, 4 * h);
  checkOptional(call.policyB, call.policyBLd, call.policyBEnd, b, 4 * h);
  checkOptional(call.dpolicyX, call.dpolicyXLd, call.dpolicyXEnd, b, i);
  checkOptional(call.dpolicyH, call.dpolicyHLd, call.dpolicyHEnd, b, h);
  checkOptional(call.dpolicyIh, call.dpolicyIhLd, call.dpolicyIhEnd, b, 4 * h);
  checkOptional(call.dpolicyHh, call.dpolicyHhLd, call.dpolicyHhEnd, b, 4 * h);
  checkOptional(call.dpolicyB, call.dpolicyBLd, call.dpolicyBEnd, b, 4 * h);
  checkOptional(call.mask, call.maskLd, call.maskEnd, b, h);
  checkOptional(call.inputPart, call.inputPartLd, call.inputPartEnd, b, 4 * h);
  checkOptional(call.hiddenPart, call.hiddenPartLd, call.hiddenPartEnd, b, 4 * h);
  checkMatrix(call.gates, call.gatesLd, call.gatesEnd, b, 4 * h);
  checkOptional(call.dy, call.dyLd, call.dyEnd, b, h);
  checkMatrix(call.dh, call.dhLd, call.dhEnd, b, h);
  checkMatrix(call.dc, call.dcLd, call.dcEnd, b, h);
  checkOptional(call.dx, call.dxLd, call.dxEnd, b, i);
  check(!call.policyX || (call.x != 0 && call.dpolicyX != 0), 'policyX needs x and dpolicyX');
  check(!call.policyH || call.dpolicyH != 0, 'policyH needs dpolicyH');
  check(!call.policyIh || (call.inputPart != 0 && call.dpolicyIh != 0), 'policyIh needs inputPart and dpolicyIh');
  check(!call.policyHh || (call.hiddenPart != 0 && call.dpolicyHh != 0), 'policyHh needs hiddenPart and dpolicyHh');
  check(!call.policyB || call.dpolicyB != 0, 'policyB needs dpolicyB');
}

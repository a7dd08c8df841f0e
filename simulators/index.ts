export { createA1111Simulator } from './a1111/a1111-simulator.ts';
export { audit, type Audit } from './audit.ts';
export type { Behaviour, FaultName } from './behaviour.ts';
export type { Bill, BillEntry, VendorName } from './bill.ts';
export { createBflSimulator } from './bfl/bfl-simulator.ts';
export { createComfyuiSimulator } from './comfyui/comfyui-simulator.ts';
export { createDashscopeSimulator } from './dashscope/dashscope-simulator.ts';
export { createGeminiSimulator } from './gemini/gemini-simulator.ts';
export { createKlingSimulator } from './kling/kling-simulator.ts';
export { createManyPromptsSimulator } from './many-prompts/many-prompts-simulator.ts';
export { createOpenaiSimulator } from './openai/openai-simulator.ts';
export { preparePictures } from './picture.ts';
export type { LoggedRequest, RequestLog } from './request-log.ts';
export { serveSimulators, type BaseUrls, type ServedSimulators } from './serve.ts';
export {
  createSimulators,
  SIMULATED_VENDORS,
  simulatedVendors,
  type SimulatedVendor,
} from './simulated-vendors.ts';
export { simulate, type SimulateOptions, type Simulation } from './simulate.ts';
export { hashPrompt, readSimulatedMark, type SimulatedMark } from './simulated-mark.ts';
export { simulatedFetch } from './simulated-fetch.ts';
export type { Simulator, SimulatorOptions } from './simulator.ts';

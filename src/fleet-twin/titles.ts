import type { TwinStepName } from './api.ts'

export const titles: Record<TwinStepName, string> = {
  firmware_out: 'The firmware is out',
  dtc_pending: 'A vehicle sees the code: pending',
  dtc_confirmed: 'It sees it again: confirmed',
  out_of_coverage: 'No coverage: the vehicle keeps what it knows',
  upload: 'Coverage again: the server has it',
  ticket: 'A ticket is opened',
  level_1: 'Level 1 reads it',
  level_2: 'Level 2 takes over',
  level_3: 'Level 3 takes over',
  supplier: 'The supplier is asked',
  fix: 'The fix is made and validated',
  wave_1: 'Wave 1 of the campaign starts',
  wave_2: 'Wave 2 starts',
  wave_3: 'Wave 3 starts',
  half_good: '50 % of the vehicles are good',
  most_good: '95 % of the vehicles are good',
}

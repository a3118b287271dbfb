/** What the presenter says on each slide, and how long that takes: half an hour in all. */
import type { RunOfShowReply } from './api.ts'

export const runOfShow: RunOfShowReply['slides'] = [
  {
    slide: 'title',
    title: 'One defect. Two clocks.',
    seconds: 120,
    notes: [
      'Leave the code up until the count stops growing. Say: scan, take the name it offers, borrow one license.',
      'You are the traffic of this talk: what you tap is what we will see burn.',
      'Phones on the guest network that find nothing: show the second code (Wi-Fi) from the presenter page.',
      'Start the talk’s clock.',
    ],
  },
  {
    slide: 'challenge',
    title: 'An error in a vehicle travels far',
    seconds: 120,
    notes: [
      'One step a click: driver, workshop, three levels, supplier. Ask the room which questions are asked twice.',
      'Each stop asks the same: which software, which version, which control unit?',
      'Five working days count from the day the defect is determined. The way to that day is what this talk is about.',
      'Say of 617 days: an average, of one sample, and not all of it software. The later sample is 296.',
    ],
  },
  {
    slide: 'cloud-path',
    title: 'An error in a service travels one screen',
    seconds: 110,
    notes: [
      'Four clicks from the alert to the way back, on one screen.',
      'Not because cloud people are better: because every line says its version.',
      'Be fair: 78 minutes and 7 hours are also cloud. DORA’s numbers are answers to a survey.',
    ],
  },
  {
    slide: 'race',
    title: 'Same incident, two paths',
    seconds: 300,
    notes: [
      'Ask the room to keep borrowing. Press “Start the race”: the same defect goes into this server and into a simulated fleet.',
      'Left counts real seconds. Right runs at one second for four hours: point at the factor.',
      'When the left lane says which version and commit, either let the autopilot roll back or press “Roll back now”.',
      'While the right lane goes on: what is ASSUMED are waits between people. We put them in; argue with them.',
      'No time or no network: the recording plays by itself, marked REPLAY. End on the table: “works again” is five seconds without a failed borrow.',
    ],
  },
  {
    slide: 'ownership',
    title: 'Who hears it when it breaks?',
    seconds: 100,
    notes: [
      'Row by row. Ask: who in this room is called at night for what they shipped?',
      'Tiered support is not wrong: it grew where the product cannot be reached. That is changing.',
    ],
  },
  {
    slide: 'signals',
    title: 'A curve, or an event?',
    seconds: 110,
    notes: [
      'Left: the speed of one simulated vehicle, live. A curve answers questions nobody has asked yet.',
      'Right: your borrows. Each has an id, an outcome, a duration and a version.',
      'Neither is better. An incident needs both, joined.',
    ],
  },
  {
    slide: 'operations',
    title: 'Many collectors, or one shared view',
    seconds: 100,
    notes: [
      'Five tools, five truths, one meeting. Then click: one store, three who look.',
      'The scores below are a survey; DORA itself warns against comparing very different applications.',
    ],
  },
  {
    slide: 'bridge',
    title: 'Five moves, from the vehicle to the screen',
    seconds: 150,
    notes: [
      'Five clicks. The first two happen in or near the vehicle, the last two among people.',
      'Say “up to 25 GB an hour are processed in the car”. Never say that they are sent.',
      'The chain below is the point: one id from the trip to the commit.',
    ],
  },
  {
    slide: 'stack',
    title: 'What runs on this machine, now',
    seconds: 90,
    notes: [
      'Everything on this slide runs on this laptop. What is not here says so.',
      'Open Grafana from the link if it is up: the same numbers, from the same rules.',
    ],
  },
  {
    slide: 'speed',
    title: 'How fast, and how sure?',
    seconds: 150,
    notes: [
      'Nothing yet? Ship a bad release from the presenter page now: the next slides need it too.',
      'Speed is half of it. The third number is the other half: localised to one version and one commit.',
      'The second is longer than on slide 4: an alert ends half a minute after the failures, the race’s clock five seconds after.',
      'The five below are DORA’s, of this server’s own rows. Few rows: say so.',
    ],
  },
  {
    slide: 'clarity',
    title: 'What runs where, in which version?',
    seconds: 110,
    notes: [
      'Left: one version, one place. Right: as many productions as vehicles.',
      'Click: the share of recalled vehicles that were mended falls with their age. Recalls of every kind, not only software.',
    ],
  },
  {
    slide: 'learning',
    title: 'An error budget is permission to learn',
    seconds: 120,
    notes: [
      'Budget left: the bar is as long as what is left. Show how fast it burned.',
      'Overspent, as after the race: the bar is full and red. Read how many times the budget is spent, and when it last burned: half a percent does not outlive one bad release.',
      'In demo time an hour stands for the 30 days of the objective.',
      'Three clicks, three rules. The second is the one to remember: roll back first, ask later.',
    ],
  },
  {
    slide: 'license-server',
    title: 'You are the traffic',
    seconds: 120,
    notes: [
      'Ask everybody to borrow now. Hatched is above the commit: it costs.',
      'Read the cost aloud, then ask everybody to return.',
      'A quiet room: start simulated traffic from the presenter page.',
    ],
  },
  {
    slide: 'takeaways',
    title: 'Four things to do on Monday',
    seconds: 80,
    notes: ['One click each. Stop after the second: the way back as short as the way out. Then the rest.'],
  },
  {
    slide: 'thanks',
    title: 'Take the run home',
    seconds: 60,
    notes: [
      'The race page has this talk’s run: to print, or to keep as JSON.',
      'Questions. Leave the slide up: the server stays open.',
    ],
  },
]

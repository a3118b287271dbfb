/** Where vehicles drive: ten cities, and how far their loops reach without leading into open water. */
import type { Region } from '../../vehicle/equipment.ts'

export interface City {
  latitude: number
  longitude: number
  /** Where the middle of the loops lies from there, km. */
  eastKm: number
  northKm: number
  /** How far the widest loop reaches from its middle, km. */
  reachEastKm: number
  reachNorthKm: number
  /** Of the air, °C: the batteries feel it. */
  celsius: number
}

const inland = { eastKm: 0, northKm: 0, reachEastKm: 11, reachNorthKm: 11 }

export const cities: Record<Region, City> = {
  atlanta: { latitude: 33.749, longitude: -84.388, ...inland, celsius: 22 },
  austin: { latitude: 30.2672, longitude: -97.7431, ...inland, celsius: 27 },
  boston: {
    latitude: 42.3601,
    longitude: -71.0589,
    eastKm: -10,
    northKm: 0,
    reachEastKm: 8,
    reachNorthKm: 9,
    celsius: 12,
  },
  chicago: {
    latitude: 41.8781,
    longitude: -87.6298,
    eastKm: -9,
    northKm: 0,
    reachEastKm: 8,
    reachNorthKm: 11,
    celsius: 11,
  },
  denver: { latitude: 39.7392, longitude: -104.9903, ...inland, celsius: 10 },
  detroit: {
    latitude: 42.3314,
    longitude: -83.0458,
    eastKm: -10,
    northKm: 9,
    reachEastKm: 9,
    reachNorthKm: 8,
    celsius: 10,
  },
  los_angeles: { latitude: 34.0522, longitude: -118.2437, ...inland, celsius: 20 },
  new_york: {
    latitude: 40.7128,
    longitude: -74.006,
    eastKm: 14,
    northKm: 1,
    reachEastKm: 8,
    reachNorthKm: 7,
    celsius: 13,
  },
  san_francisco: {
    latitude: 37.7749,
    longitude: -122.4194,
    eastKm: -2,
    northKm: -4,
    reachEastKm: 4,
    reachNorthKm: 6,
    celsius: 15,
  },
  seattle: {
    latitude: 47.6062,
    longitude: -122.3321,
    eastKm: 1,
    northKm: 4,
    reachEastKm: 2.5,
    reachNorthKm: 9,
    celsius: 11,
  },
}

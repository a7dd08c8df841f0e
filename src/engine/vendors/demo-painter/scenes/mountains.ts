import { WHITE, hex, luminance, mix, multiply, smoothstep } from '../colour.ts';
import { type Stage, between } from '../stage.ts';
import { paintTerrain } from '../terrain.ts';

export interface Mountains {
  readonly horizon: number;
  /** Height of the peaks as a share of the picture's shorter side. */
  readonly rise: number;
  /** Height above which snow lies: 0 everywhere, 1 only on the highest peaks. */
  readonly snowLine: number;
  readonly lightSide: number;
}

/** A far range of rock and snow, lit from one side and fading into the haze. */
export function paintMountains(stage: Stage, mountains: Mountains): void {
  const { canvas, noise, palette, unit } = stage;
  const rock = multiply(mix(hex('a39a94'), palette.haze, 0.18), WHITE);
  const forest = hex('4f6b4c');
  const snow = hex('fbfcff');
  const shiftX = between(stage, 0, 200);
  const shiftZ = between(stage, 0, 200);
  const octaves = stage.detail < 1 ? 5 : 6;
  const near = 4;
  const far = 13;
  const scale = unit * 1.35;
  const peak = mountains.rise * 8.5;
  const foggy =
    stage.description.weather === 'fog' || stage.description.weather === 'rain' ? 0.28 : 0;
  paintTerrain(canvas, {
    horizon: mountains.horizon,
    bottom: mountains.horizon + 1,
    near,
    far,
    eye: 0,
    scale,
    steps: Math.round(130 * Math.min(1.4, Math.max(0.6, stage.detail))),
    haze: palette.haze,
    fog: (distance) => 0.1 + foggy + 0.62 * smoothstep(near, far, distance),
    height: (across, distance) => {
      const shape = noise.ridged(across * 0.34 + shiftX, distance * 0.34 + shiftZ, octaves);
      const massif = 0.72 + 0.7 * noise.at(across * 0.16 + shiftZ, distance * 0.12);
      const rise = smoothstep(near - 0.2, near + 3.6, distance);
      return (shape * 1.45 - 0.3) * massif * peak * (0.16 + 0.84 * rise) * 0.62 - 0.03;
    },
    colour: (out, height, slopeRight, slopeAway, distance, across) => {
      const length = Math.sqrt(1 + slopeRight * slopeRight + slopeAway * slopeAway);
      const facing = (0.45 - slopeRight * mountains.lightSide * 0.95 + slopeAway * 0.18) / length;
      const lit = smoothstep(-0.1, 0.85, facing);
      const grain = noise.at(across * 7, distance * 7);
      const level = height / peak + grain * 0.05 - (length - 1) * 0.09;
      const white = smoothstep(mountains.snowLine - 0.04, mountains.snowLine + 0.1, level);
      const green = (1 - smoothstep(0.04, 0.2, level)) * 0.8;
      const shade = 0.92 + grain * 0.14;
      for (let channel = 0; channel < 3; channel++) {
        const bare = (rock[channel]! + (forest[channel]! - rock[channel]!) * green) * shade;
        const base = bare + (snow[channel]! - bare) * white;
        const dark = palette.shade[channel]! * 0.85;
        out[channel] = base * (dark + (palette.light[channel]! - dark) * lit);
      }
    },
  });
}

/** Which side of the picture the sun stands on. */
export function sideOf(stage: Stage, sunX: number): number {
  return sunX < stage.width / 2 ? -1 : 1;
}

/** A water colour that fits the sky. */
export function waterColour(stage: Stage): readonly [number, number, number] {
  const { palette } = stage;
  const base = mix(palette.sky[0]!, hex('1d4a5c'), 0.45);
  return luminance(base) > 0.3 ? mix(base, hex('123a52'), 0.4) : base;
}

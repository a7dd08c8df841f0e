import { hex, mix, multiply, smoothstep } from '../colour.ts';
import { placeFigure, placeFigures } from '../place-figures.ts';
import { paintBirds, paintSky, placeSun } from '../sky.ts';
import { type Stage, allows, between } from '../stage.ts';
import { paintTerrain } from '../terrain.ts';
import { sideOf } from './mountains.ts';

/** Dunes with sharp crests, one side in light and one in shadow, fine ripples near by. */
export function paintDesert(stage: Stage): void {
  const { canvas, height, width, unit, palette, noise } = stage;
  const horizon = Math.round(height * between(stage, 0.5, 0.56));
  const sun = placeSun(stage, horizon);
  const side = sideOf(stage, sun.x);
  paintSky(stage, horizon + unit * 0.03, sun);
  paintBirds(stage, horizon);
  const { subjects } = stage.description;
  if (subjects.length === 0 && stage.chance() < 0.35 && allows(stage, 'pyramid')) {
    for (const [place, scale] of [
      [0.36, 0.55],
      [0.62, 0.75],
    ] as const) {
      placeFigure(stage, 'pyramid', {
        x: width * place,
        y: horizon + unit * 0.02,
        scale,
        lightSide: side,
        shadow: 0,
      });
    }
  }
  const sand = stage.description.tint
    ? mix(hex('e6b072'), stage.description.tint, 0.3)
    : hex('eab273');
  const shift = between(stage, 0, 90);
  const dark = multiply(
    mix(palette.shade, hex('8a4f4a'), palette.isNight ? 0.1 : 0.45),
    [0.95, 0.9, 0.95],
  );
  paintTerrain(canvas, {
    horizon,
    bottom: height,
    near: 0.9,
    far: 16,
    eye: 0.62,
    scale: unit * 0.95,
    steps: Math.round(240 * Math.max(0.7, Math.min(1.3, stage.detail))),
    haze: palette.haze,
    fog: (distance) => 0.72 * smoothstep(2, 16, distance),
    height: (across, distance) => {
      const bend = noise.at(across * 0.3 + shift, distance * 0.25) * 1.3;
      const wave = noise.at(across * 0.34 + bend * 0.5 + shift, distance * 0.52 + bend);
      const crest = 1 - Math.sqrt(wave * wave + 0.0025) * 1.55;
      const large = noise.at(across * 0.12 + shift, distance * 0.14 + 5);
      return (crest * 0.52 + large * 0.42) * smoothstep(0.7, 4, distance) + 0.02;
    },
    colour: (out, _height, slopeRight, slopeAway, distance, across) => {
      const ripple =
        distance < 5
          ? Math.sin((distance + noise.at(across * 1.7, distance * 1.7) * 0.3) * 34 + across * 7) *
            0.05 *
            (1 - distance / 5)
          : 0;
      const facing = 0.3 - slopeRight * side * 1.5 + slopeAway * 0.6;
      const lit = smoothstep(-0.12, 0.62, facing) * 0.94 + ripple;
      for (let channel = 0; channel < 3; channel++) {
        out[channel] =
          sand[channel]! *
          (dark[channel]! + (palette.light[channel]! * 1.06 - dark[channel]!) * lit);
      }
    },
  });
  if (subjects.length > 0) {
    placeFigures(stage, {
      x: width * (0.5 - side * 0.08),
      y: height * 0.85,
      scale: 1.1,
      lightSide: side,
      airLine: height * 0.1,
      shadow: 0.55,
    });
  } else if (stage.chance() < 0.6 && allows(stage, 'cactus')) {
    placeFigure(stage, 'cactus', {
      x: width * (0.5 - side * 0.26),
      y: height * 0.84,
      scale: 0.85,
      lightSide: side,
      shadow: 0.5,
    });
  }
}

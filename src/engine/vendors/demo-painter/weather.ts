import { shadeRows } from './canvas.ts';
import { mix } from './colour.ts';
import { createField } from './field.ts';
import { fillOutlines } from './fill.ts';
import { type Stage, between } from './stage.ts';

/** Rain or mist over a finished landscape. Snow is the snow scene's own. */
export function paintWeather(stage: Stage): void {
  const { weather, scene } = stage.description;
  const outdoors =
    scene !== 'studio' &&
    scene !== 'room' &&
    scene !== 'space' &&
    scene !== 'abstract' &&
    scene !== 'underwater';
  if (!outdoors) return;
  if (weather === 'fog' && scene !== 'forest') paintMist(stage);
  if (weather === 'rain') paintRain(stage);
  if (weather === 'snow' && scene !== 'snow') paintSnowfall(stage);
}

function paintMist(stage: Stage): void {
  const { canvas, noise, palette, unit, width, height } = stage;
  const shift = between(stage, 0, 60);
  const field = createField(width, height, Math.max(1, unit / 150), (x, y) => {
    const level = 1 - Math.abs(y / height - 0.6) * 1.9;
    return Math.max(
      0,
      level * 0.6 + noise.fractal((x / unit) * 1.3 + shift, (y / unit) * 4, 4) * 0.5,
    );
  });
  const colour = mix(palette.haze, palette.cloudLight, 0.35);
  shadeRows(canvas, 0, height, (x, y, out) => {
    out[0] = colour[0];
    out[1] = colour[1];
    out[2] = colour[2];
    out[3] = Math.min(0.8, field.at(x, y));
  });
}

function paintRain(stage: Stage): void {
  const { canvas, palette, unit, width, height } = stage;
  const colour = mix(palette.cloudLight, [1, 1, 1], 0.4);
  const count = Math.round(((width * height) / unit ** 2) * 700 * stage.detail);
  for (let drop = 0; drop < count; drop++) {
    const near = stage.chance();
    const long = unit * (0.012 + 0.035 * near);
    const x = stage.chance() * width * 1.1;
    const y = stage.chance() * height;
    const half = Math.max(0.35, unit * 0.0007 * (0.6 + near));
    fillOutlines(
      canvas,
      [
        [
          x - half,
          y,
          x + half,
          y,
          x - long * 0.22 + half,
          y + long,
          x - long * 0.22 - half,
          y + long,
        ],
      ],
      colour,
      0.14 + 0.2 * near,
    );
  }
}

function paintSnowfall(stage: Stage): void {
  const { canvas, unit, width, height } = stage;
  const count = Math.round(((width * height) / unit ** 2) * 420);
  for (let flake = 0; flake < count; flake++) {
    const radius = unit * (0.0012 + 0.004 * stage.chance() ** 4);
    const x = stage.chance() * width;
    const y = stage.chance() * height;
    fillOutlines(
      canvas,
      [[x - radius, y, x, y - radius, x + radius, y, x, y + radius]],
      [1, 1, 1],
      0.75,
    );
  }
}

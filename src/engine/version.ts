import packageFile from '../../package.json' with { type: 'json' };

/** Version of this package, as in package.json. */
export const VERSION: string = packageFile.version;

/**
 * What may be said below `credentials:` in the config file: with which certificate finished files are
 * signed, and who is trusted. Only the shape is checked here. A value that is wrong is never repeated: it
 * may be a key.
 */
import { z } from 'zod';
import { SIGNING_ALGORITHMS } from '../engine/core/credentials.ts';
import type { Problem } from '../engine/core/errors.ts';

const path = z.string().trim().min(1);
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/);

const credentialsSchema = z.strictObject({
  certificate: path.optional(),
  private_key: path.optional(),
  private_key_variable: variable.optional(),
  passphrase_variable: variable.optional(),
  algorithm: z.enum(SIGNING_ALGORITHMS).optional(),
  trust: path.optional(),
});

export type CredentialsConfig = z.infer<typeof credentialsSchema>;

const SETTINGS = Object.keys(credentialsSchema.shape);

/** Checks the section; its problems are added to `problems`. */
export function checkCredentialsSection(
  raw: unknown,
  file: string,
  problems: Problem[],
): CredentialsConfig | undefined {
  const secrets = secretsIn(raw, file);
  problems.push(...secrets);
  if (secrets.length > 0) return undefined;
  const result = credentialsSchema.safeParse(raw);
  if (!result.success) {
    problems.push(...result.error.issues.flatMap((issue) => problemsOf(issue, file)));
    return undefined;
  }
  const missing = missingPart(result.data, file);
  if (missing === undefined) return result.data;
  problems.push(missing);
  return undefined;
}

/** A file is copied, committed and shared: no key and no passphrase belongs in it. */
function secretsIn(raw: unknown, file: string): Problem[] {
  if (typeof raw !== 'object' || raw === null) return [];
  return Object.entries(raw).flatMap(([name, value]): Problem[] => {
    const column = `credentials.${name}`;
    if (typeof value === 'string' && value.includes('PRIVATE KEY-----')) {
      return [
        {
          file,
          column,
          message: 'A key does not belong in a file, which is copied and committed',
          remedy:
            'Remove it here (and replace the key if others could read it), and name the file that holds it (private_key: key.pem) or an environment variable (private_key_variable: MY_KEY).',
        },
      ];
    }
    if (!/^(?:passphrase|password|passwd|secret)$/i.test(name)) return [];
    return [
      {
        file,
        column,
        message: 'A passphrase does not belong in a file, which is copied and committed',
        remedy:
          'Remove it here, put it into an environment variable and name that: passphrase_variable: MY_PASSPHRASE.',
      },
    ];
  });
}

function problemsOf(issue: z.core.$ZodIssue, file: string): Problem[] {
  const column = ['credentials', ...issue.path.map(String)].join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      file,
      column: `${column}.${key}`,
      message: 'There is no setting of this name',
      remedy: `Remove it; here may stand ${SETTINGS.join(', ')}.`,
    }));
  }
  return [
    {
      file,
      column,
      message: issue.message,
      remedy: 'Correct the value; `imagemill help configuration` shows an example.',
    },
  ];
}

function missingPart(config: CredentialsConfig, file: string): Problem | undefined {
  const { certificate, private_key, private_key_variable, trust } = config;
  const problem = (column: string, message: string, remedy: string): Problem => ({
    file,
    column: `credentials.${column}`,
    message,
    remedy,
  });
  if (private_key !== undefined && private_key_variable !== undefined) {
    return problem(
      'private_key_variable',
      'The private key is named twice',
      'Keep private_key (a file) or private_key_variable (of the environment).',
    );
  }
  const hasKey = private_key !== undefined || private_key_variable !== undefined;
  if (certificate !== undefined && !hasKey) {
    return problem(
      'private_key',
      'The certificate has no private key',
      'Name the file of the key (private_key: key.pem), or an environment variable that holds it (private_key_variable: MY_KEY).',
    );
  }
  if (certificate === undefined && hasKey) {
    return problem(
      'certificate',
      'The private key has no certificate',
      'Name the file of the certificate and of those that vouch for it: certificate: chain.pem.',
    );
  }
  if (certificate !== undefined || trust !== undefined) return undefined;
  return problem(
    'certificate',
    'The section names no certificate',
    'Name what to sign with (certificate, private_key) or whom to trust (trust), or take the section out.',
  );
}

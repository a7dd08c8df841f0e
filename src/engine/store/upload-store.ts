/** What the store does for uploads that clients send piece by piece: a part of `Store`. */

import type { UploadPurpose } from '../core/upload.ts';

export interface NewClientUpload {
  readonly id: string;
  readonly workspace: string;
  readonly keyId?: string;
  readonly purpose: UploadPurpose;
  /** As its client calls it: to be shown, never a path. */
  readonly name: string;
  readonly mediaType: string;
  /** Of the whole upload, said before its first piece. */
  readonly bytes: number;
}

export interface ClientUpload extends NewClientUpload {
  readonly createdAt: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Bytes that its pieces in the bucket hold; of one in the home, its file knows. */
  readonly pieceBytes: number;
  /** What was made of it; its bytes are gone then. */
  readonly usedBy?: string;
}

/** What a workspace may have open at once. */
export interface UploadRoom {
  readonly mostOpen: number;
  readonly mostBytes: number;
}

/** How long an upload is kept: after its last piece, and in all. */
export interface UploadKeeping {
  readonly keepMs: number;
  readonly mostMs: number;
}

/** Who writes to an upload now, and for how long at least. */
export interface UploadHolder {
  readonly holder: string;
  readonly leaseMs: number;
}

/** Bytes of an upload as an object of the bucket. */
export interface UploadPiece {
  readonly offset: number;
  readonly bytes: number;
  /** Below the upload's own place. */
  readonly name: string;
}

export interface UploadStore {
  /** `too-many`, `too-large`: the workspace has as many open as it may, or of as many bytes. */
  createClientUpload(
    upload: NewClientUpload,
    room: UploadRoom,
    keeping: UploadKeeping,
  ): Promise<'created' | 'too-many' | 'too-large'>;
  /** Also one that has expired or was used, as long as it is remembered. Without a workspace: whoever's. */
  findClientUpload(id: string, workspace?: string): Promise<ClientUpload | undefined>;
  /** Takes the only right to write, and keeps the upload for longer. False: another has it, and is told. */
  claimClientUpload(id: string, holder: UploadHolder, keeping: UploadKeeping): Promise<boolean>;
  /** `wanted`: kept, and somebody waits for it. `lost`: the lease had ended, and another took it. */
  renewClientUpload(id: string, holder: UploadHolder): Promise<'kept' | 'wanted' | 'lost'>;
  releaseClientUpload(id: string, holder: string): Promise<void>;
  /** Enters a piece behind the last one. `lost`: another writes by now, or the piece is not the next. */
  addUploadPiece(
    id: string,
    holder: string,
    piece: UploadPiece,
    mostPieces: number,
  ): Promise<'added' | 'lost' | 'too-many'>;
  /** In their order. */
  uploadPieces(id: string): Promise<UploadPiece[]>;
  /** Notes what was made of them, where it is not noted yet. */
  useClientUploads(ids: readonly string[], usedBy: string): Promise<void>;
  /** Of all workspaces: what may be removed, a few at a time. */
  expiredClientUploads(most: number): Promise<ClientUpload[]>;
  removeClientUpload(id: string): Promise<void>;
}

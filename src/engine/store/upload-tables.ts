/** The tables of uploads that clients send piece by piece: a part of `Tables`. */
import type { UploadPurpose } from '../core/upload.ts';

export interface UploadTables {
  client_uploads: ClientUploadsTable;
  client_upload_pieces: ClientUploadPiecesTable;
}

export interface ClientUploadsTable {
  id: string;
  workspace: string;
  key_id: string | null;
  purpose: UploadPurpose;
  name: string;
  media_type: string;
  bytes: number;
  created_at: number;
  expires_at: number;
  /** What the pieces hold together, and how many they are. */
  piece_bytes: number;
  pieces: number;
  used_by: string | null;
  /** Who writes to it, until when at least, and whether another waits for it (1). */
  holder: string | null;
  held_until: number;
  is_wanted: number;
}

export interface ClientUploadPiecesTable {
  upload_id: string;
  first_byte: number;
  bytes: number;
  name: string;
}

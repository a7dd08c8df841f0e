/** The way in: with a key, or with an invitation, which stands behind the `#` of its link. */
import { useState } from 'react';
import { useRouter } from '@tanstack/react-router';
import { InvitationCard } from './invitation-card.tsx';
import { KeyCard } from './key-card.tsx';
import { ownPath } from './own-path.ts';

export function SignInPage() {
  const [invitation, setInvitation] = useState(takeInvitation);
  const { history } = useRouter();
  const goOn = () => {
    const wanted = new URLSearchParams(location.search).get('to') ?? undefined;
    history.push(ownPath(wanted, location.origin));
  };
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <title>Sign in · Imagemill</title>
      {invitation === undefined ? (
        <KeyCard onSignedIn={goOn} />
      ) : (
        <InvitationCard
          invitation={invitation}
          onSignedIn={goOn}
          onKey={() => setInvitation(undefined)}
        />
      )}
    </main>
  );
}

/** It is in the address until it is accepted, so that the page may be loaded again. */
function takeInvitation(): string | undefined {
  return new URLSearchParams(location.hash.slice(1)).get('invite') ?? undefined;
}

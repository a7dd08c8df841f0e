/** For password managers, which keep nothing without a name; nobody has to see it. */
export function UserNameField({ name }: { readonly name: string }) {
  return <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />;
}

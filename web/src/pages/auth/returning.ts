/** Where the console goes on after a sign-in elsewhere: the page that was wanted, never the sign-in page itself. */
export function returnTo(place: Pick<Location, 'pathname' | 'search'> = location): string {
  return ['/sign-in', '/setup'].includes(place.pathname) ? '/' : place.pathname + place.search;
}

import { describe, expect, it } from 'vitest';
import { worriesOf } from './attention';

describe('what needs attention', () => {
  it('stands in the order of its danger, with words and without what is settled or unknown', () => {
    const worries = worriesOf([{ kind: 'drift', count: 3, capped: false }, { kind: 'locked', count: 0, capped: false }, { kind: 'removal_failed', count: 1, capped: false }, { kind: 'from_the_future', count: 9, capped: false }]);
    expect(worries.map((one) => [one.kind, one.text, one.urgent])).toEqual([
      ['removal_failed', '1 key is revoked here and still accepted there', true], ['drift', '3 keys hold an older version of their policy', false],
    ]);
  });
  it('leads to the list that it counts, by the server’s filter when it names one', () => {
    const [failed] = worriesOf([{ kind: 'failed_mail', count: 3, capped: false, filter: { mail: 'failed' } }]);
    expect([failed?.href, failed?.filter]).toEqual(['/inventory?mail=failed', { mail: 'failed' }]);
    const [given] = worriesOf([{ kind: 'disabled_user_keys', count: 2, capped: false, filter: { user_status: 'disabled', status: 'enrolled,configured' } }]);
    expect(given?.href).toBe('/inventory?user_status=disabled&status=enrolled,configured');
    expect(given?.verbs).toEqual([{ action: 'revoke' }, { action: 'unassign', status: 'ready' }]);
  });
  it('leads to a page where no list of keys is meant', () => {
    const [owner] = worriesOf([{ kind: 'single_owner', count: 1, capped: false }]);
    expect([owner?.href, owner?.until]).toEqual(['/settings/administrators', null]);
    const [glass] = worriesOf([{ kind: 'break_glass', count: 1, capped: false, newest_at: '2026-11-22T10:00:00Z' }]);
    expect([glass?.href, glass?.until]).toEqual(['/audit?action=session.break_glass', '2026-11-22T10:00:00Z']);
  });
});

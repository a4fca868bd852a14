import { describe, expect, it } from 'vitest';
import { cleaned, faultsOf, NEW_POLICY, rpIds } from './draft';

describe('a policy draft', () => {
  it('reads RP ids however they are separated, once each', () => {
    expect(rpIds(' Login.example.com, erp.example.com\nlogin.example.com;; ')).toEqual(['login.example.com', 'erp.example.com']);
  });
  it('names the fields that are wrong', () => {
    expect(faultsOf({ ...NEW_POLICY, name: ' ' })).toEqual({ name: 'policies.fault_name' });
    expect(Object.keys(faultsOf({ ...NEW_POLICY, name: 'x', min_pin_length: 3, initial_pin_days: 0 }))).toEqual(['min_pin_length', 'initial_pin_days']);
    expect(faultsOf({ ...NEW_POLICY, name: 'x', min_pin_length: 63 })).toEqual({});
  });
  it('drops enterprise settings from a standard policy', () => {
    const wild = { ...NEW_POLICY, name: ' x ', allowed_services: ['a.example'], enterprise_attestation: true };
    expect(cleaned(wild)).toMatchObject({ name: 'x', allowed_services: [], enterprise_attestation: false });
    expect(cleaned({ ...wild, type: 'enterprise' }).allowed_services).toEqual(['a.example']);
  });
});

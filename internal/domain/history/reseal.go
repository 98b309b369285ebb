package history

import (
	"encoding/json"
	"fmt"
)

// firstEnvelope is the name under which an envelope that was sealed anew holds the
// one that the event was written with. No field has it.
const firstEnvelope = "@first"

// Reseal seals an event's envelope with the key that seals now. The digest of an
// event is over its envelope as it was first written (docs/adr/0012): that one goes
// into the new envelope, so that neither can be put into the place of another.
func Reseal(v Vault, graduate, sealed string) (string, error) {
	secret, err := openEvent(v, graduate, sealed)
	if err != nil {
		return "", err
	}
	if secret[firstEnvelope] == "" {
		secret[firstEnvelope] = sealed
	}
	plain, err := json.Marshal(secret)
	if err != nil {
		return "", err
	}
	return v.Seal("event", graduate, plain)
}

// FirstEnvelope returns the envelope that an event was written with, out of the one
// that it has now.
func FirstEnvelope(v Vault, graduate, sealed string) (string, error) {
	secret, err := openEvent(v, graduate, sealed)
	if err != nil {
		return "", err
	}
	if first := secret[firstEnvelope]; first != "" {
		return first, nil
	}
	return sealed, nil
}

func openEvent(v Vault, graduate, sealed string) (map[string]string, error) {
	plain, err := v.Open("event", graduate, sealed)
	if err != nil {
		return nil, err
	}
	secret := map[string]string{}
	if err := json.Unmarshal(plain, &secret); err != nil {
		return nil, fmt.Errorf("envelope of an event of %s: %w", graduate, err)
	}
	return secret, nil
}

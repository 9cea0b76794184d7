package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// A run takes minutes; clocks may differ by a little.
const validity = 24 * time.Hour

// writeCertificates writes `ca.crt`; signed by it, `tls.crt` and `tls.key` (for 127.0.0.1), and `client.crt` and
// `client.key` (with which the API server says who it is); and `sa.key` and `sa.pub` (with which service account tokens
// are signed). The authority's own key is not kept.
func writeCertificates(arguments []string) error {
	if len(arguments) != 1 {
		return fmt.Errorf("certificates wants a directory")
	}
	folder := arguments[0]
	authorityKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	authority := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "registry-policy e2e"},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(validity),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, authority, authority, authorityKey.Public(), authorityKey)
	if err != nil {
		return err
	}
	if err := writePEM(folder, "ca.crt", "CERTIFICATE", der); err != nil {
		return err
	}
	signed := map[string]*x509.Certificate{
		"tls": {
			SerialNumber: big.NewInt(2),
			Subject:      pkix.Name{CommonName: "127.0.0.1"},
			ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
			IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
			DNSNames:     []string{"localhost"},
		},
		"client": {
			SerialNumber: big.NewInt(3),
			Subject:      pkix.Name{CommonName: "kube-apiserver"},
			ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		},
	}
	for name, certificate := range signed {
		if err := writeSigned(folder, name, certificate, authority, authorityKey); err != nil {
			return err
		}
	}
	return writeAccounts(folder)
}

// writeSigned makes a key and a certificate for it that is valid for as long as the authority.
func writeSigned(folder, name string, certificate, authority *x509.Certificate, authorityKey crypto.Signer) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	certificate.NotBefore, certificate.NotAfter = authority.NotBefore, authority.NotAfter
	certificate.KeyUsage = x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, certificate, authority, key.Public(), authorityKey)
	if err != nil {
		return err
	}
	if err := writePEM(folder, name+".crt", "CERTIFICATE", der); err != nil {
		return err
	}
	return writeKey(folder, name+".key", key)
}

// writeAccounts makes the keys of service account tokens.
func writeAccounts(folder string) error {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	if err := writeKey(folder, "sa.key", key); err != nil {
		return err
	}
	return writePEM(folder, "sa.pub", "PUBLIC KEY", public)
}

func writeKey(folder, name string, key crypto.PrivateKey) error {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	return writePEM(folder, name, "PRIVATE KEY", der)
}

func writePEM(folder, name, kind string, der []byte) error {
	block := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
	return os.WriteFile(filepath.Join(folder, name), block, 0o600)
}

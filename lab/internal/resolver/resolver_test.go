package resolver

import (
	"net"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

func ask(t *testing.T, s Server, name string, kind dnsmessage.Type) dnsmessage.Message {
	t.Helper()
	question := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: 7, RecursionDesired: true},
		Questions: []dnsmessage.Question{{Name: dnsmessage.MustNewName(name), Type: kind, Class: dnsmessage.ClassINET}},
	}
	packed, err := question.Pack()
	if err != nil {
		t.Fatal(err)
	}
	reply, err := s.answer(packed)
	if err != nil {
		t.Fatal(err)
	}
	var m dnsmessage.Message
	if err := m.Unpack(reply); err != nil {
		t.Fatal(err)
	}
	if m.ID != 7 || !m.Response {
		t.Errorf("the reply to %s is not one to the question: %+v", name, m.Header)
	}
	return m
}

func TestServerKnowsTheRegistriesOnly(t *testing.T) {
	s := Server{Address: net.IPv4(10, 240, 0, 1), Unknown: func(h string) bool { return h == "gone.azurecr.io" }}
	for name, known := range map[string]bool{
		"shop.azurecr.io.": true, "SHOP.azurecr.io.": true, "registry.lab.local.": true, "registry-1.docker.io.": true,
		"azurecr.io.": false, "notazurecr.io.": false, "gone.azurecr.io.": false, "example.com.": false,
	} {
		m := ask(t, s, name, dnsmessage.TypeA)
		if got := m.RCode == dnsmessage.RCodeSuccess && len(m.Answers) == 1; got != known {
			t.Errorf("%s: known is %t, want %t", name, got, known)
		}
		if !known && m.RCode != dnsmessage.RCodeNameError {
			t.Errorf("%s: the code is %s, want that the name does not exist", name, m.RCode)
		}
	}
	if m := ask(t, s, "shop.azurecr.io.", dnsmessage.TypeAAAA); m.RCode != dnsmessage.RCodeSuccess || len(m.Answers) != 0 {
		t.Errorf("a question for AAAA is answered %s with %d answers; want success and none", m.RCode, len(m.Answers))
	}
}

package main

import (
	"bufio"
	"bytes"
	"slices"
	"testing"
)

func TestParseAnswerTakesHeadAndBodyApart(t *testing.T) {
	head := "201\x00X-A\x001\x00X-A\x002"
	payload := append([]byte{0, 0, 0, byte(len(head))}, head+"a\x00b"...)
	a, err := parseAnswer(payload)
	if err != nil || a.status != 201 || string(a.body) != "a\x00b" || !slices.Equal(a.headers, []string{"X-A", "1", "X-A", "2"}) {
		t.Errorf("got %+v, %v", a, err)
	}
}

func TestParseAnswerRefusesWhatIsNone(t *testing.T) {
	for _, payload := range []string{"", "\x00\x00\x00\x09200", "\x00\x00\x00\x03100", "\x00\x00\x00\x05200\x00X"} {
		if a, err := parseAnswer([]byte(payload)); err == nil {
			t.Errorf("%q: got %+v", payload, a)
		}
	}
}

func TestReadFrameRefusesLengthsBeyondReason(t *testing.T) {
	from := bufio.NewReader(bytes.NewReader([]byte("A\xff\xff\xff\xff")))
	if _, _, err := readFrame(from); err != errBadFrame {
		t.Errorf("got %v", err)
	}
}

func TestCombinedLineCannotBeForged(t *testing.T) {
	got := string(appendEscaped(nil, "a\" \n\\\xff"))
	if want := `a\" \x0a\\\xff`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestParseStatSurvivesBracketsInTheName(t *testing.T) {
	stat, ok := parseStat([]byte("7 (a) (b) S 3 0 0 0 0 0 0 0 0 0 150 50 0 0 20 0 1 0 99 4096 2 0"))
	if !ok || stat.parent != 3 || stat.cpu != 2 {
		t.Errorf("got %+v, %v", stat, ok)
	}
}

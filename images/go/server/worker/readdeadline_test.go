package worker

import (
	"errors"
	"net"
	"net/http"
	"os"
	"testing"
	"time"
)

// pair is a connection and what its client has of it.
func pair(t *testing.T) (*connection, net.Conn) {
	t.Helper()
	shared, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer shared.Close()
	client, err := net.Dial("tcp", shared.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	accepted, err := listener{shared}.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.Close()
		accepted.Close()
	})
	return accepted.(*connection), client
}

// setAt moves a deadline that only the connection knows.
func (d *readDeadline) setAt(at time.Time) {
	d.mu.Lock()
	d.at = at
	d.mu.Unlock()
}

// readEnds returns how a read ended that has begun by then.
func readEnds(t *testing.T, c *connection) <-chan error {
	t.Helper()
	ended := make(chan error, 1)
	go func() {
		_, err := c.Read(make([]byte, 1))
		ended <- err
	}()
	for begun := false; !begun && len(ended) == 0; time.Sleep(time.Millisecond) {
		c.readDeadline.mu.Lock()
		begun = c.readDeadline.reads > 0
		c.readDeadline.mu.Unlock()
	}
	return ended
}

func expectDeadline(t *testing.T, ended <-chan error) {
	t.Helper()
	select {
	case err := <-ended:
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("the read ended with %v", err)
		}
	case <-time.After(5 * time.Second):
		t.Error("the read goes on")
	}
}

func TestAReadIsEndedByADeadlineThatIsSetMeanwhile(t *testing.T) {
	for name, set := range map[string]func(*connection) error{
		"passed": func(c *connection) error { return c.SetReadDeadline(time.Unix(1, 0)) },
		"near":   func(c *connection) error { return c.SetReadDeadline(time.Now().Add(20 * time.Millisecond)) },
		"both":   func(c *connection) error { return c.SetDeadline(time.Now().Add(20 * time.Millisecond)) },
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := pair(t)
			ended := readEnds(t, c)
			if err := set(c); err != nil {
				t.Fatal(err)
			}
			expectDeadline(t, ended)
		})
	}
}

func TestAReadThatBeginsAfterItsDeadlineEndsAtOnce(t *testing.T) {
	c, client := pair(t)
	if err := c.SetReadDeadline(time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("it ended with %v", err)
	}
	if err := c.SetReadDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Read(make([]byte, 1)); n != 1 || err != nil {
		t.Errorf("without the deadline: %d bytes, %v", n, err)
	}
}

func TestAFarDeadlineIsEnforcedByTheLookThatFollowsIt(t *testing.T) {
	c, client := pair(t)
	at := time.Now().Add(2 * nearDeadline)
	if err := c.SetReadDeadline(at); err != nil {
		t.Fatal(err)
	}
	ended := readEnds(t, c)
	c.enforce(at.Add(-time.Millisecond))
	select {
	case err := <-ended:
		t.Fatalf("ended before its deadline, with %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	all := connections{open: map[*connection]struct{}{c: {}}}
	c.readDeadline.setAt(time.Now())
	all.enforceDeadlines()
	defer all.follow(c, http.StateClosed)
	expectDeadline(t, ended)
	// Taken back, it is no deadline any more.
	if err := c.SetReadDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Read(make([]byte, 1)); n != 1 || err != nil {
		t.Errorf("without the deadline: %d bytes, %v", n, err)
	}
}

func TestDeadlinesAreLookedAtWhileAConnectionIsOpen(t *testing.T) {
	c, _ := pair(t)
	all := connections{open: map[*connection]struct{}{}}
	all.follow(c, http.StateNew)
	ended := readEnds(t, c)
	c.readDeadline.setAt(time.Now().Add(300 * time.Millisecond))
	expectDeadline(t, ended)
	all.follow(c, http.StateClosed)
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		all.mu.Lock()
		looking := all.looking
		all.mu.Unlock()
		if !looking {
			return
		}
		if time.Now().After(end) {
			t.Fatal("the deadlines are looked at without any connection")
		}
	}
}

// What took a connection over may read it without the connection's Read.
func TestAConnectionThatWasTakenOverHasItsDeadlinesOnTheSocket(t *testing.T) {
	c, _ := pair(t)
	all := connections{open: map[*connection]struct{}{c: {}}}
	all.follow(c, http.StateHijacked)
	if err := c.SetReadDeadline(time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.TCPConn.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the socket's own read ended with %v", err)
	}
}

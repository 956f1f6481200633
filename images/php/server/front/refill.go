package main

import "time"

const (
	// A worker that cannot load any more is tried again after retryFirst, then twice that, ….
	retryFirst = 100 * time.Millisecond
	retryMost  = 5 * time.Second
	// giveUpAfter is how long no worker can be had before the container ends: requests would wait for
	// nothing, and the platform restarts it with pauses of its own.
	giveUpAfter = 5 * time.Second
)

// refill replaces workers that are gone: the warm ones always, others while calls wait for one.
// The lock is held.
func (p *pool) refill() {
	for !p.closed {
		all := len(p.alive) + p.starting
		if all >= p.warm && (all >= p.most || len(p.waiting) <= p.starting) {
			return
		}
		p.starting++
		go p.startOne()
	}
}

// grow starts one more worker where calls still wait that no starting worker will serve.
func (p *pool) grow() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed && len(p.waiting) > p.starting && len(p.alive)+p.starting < p.most {
		p.starting++
		go p.startOne()
	}
}

func (p *pool) startOne() {
	w, err := p.start()
	if err == nil {
		err = w.awaitLoad()
	}
	if err != nil {
		p.report(err.Error(), "")
		if w != nil {
			w.kill()
		}
		time.Sleep(p.failed(err, time.Now()))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.starting--
	if err != nil {
		p.refill()
		return
	}
	p.retry, p.barren = 0, time.Time{}
	p.admit(w)
}

// failed notes that a worker could not be loaded. It returns how long to wait before the next try.
func (p *pool) failed(err error, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.barren.IsZero() {
		p.barren = now
	}
	if len(p.alive) == 0 && now.Sub(p.barren) >= giveUpAfter {
		select {
		case p.lost <- err:
		default: // it was said already
		}
	}
	p.retry = min(max(2*p.retry, retryFirst), retryMost)
	return p.retry
}

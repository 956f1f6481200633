package main

import (
	"context"
	"runtime"
	"sync"
	"time"
)

const (
	// growAfter is how long a call waits before another worker is started for it: longer than
	// quick calls queue under load, too short for a person to notice.
	growAfter = 5 * time.Millisecond
	// shrinkAfter is how long a worker above the warm ones stays idle before it is ended.
	shrinkAfter = 30 * time.Second
)

// pool keeps workers: warm ones always, more while calls wait, and a new one for each that ends.
type pool struct {
	warm, most int
	start      func() (*worker, error)
	report     func(message, stack string)

	mu       sync.Mutex
	idle     []*worker // the last used is the next used: its memory is warm, the others can go
	waiting  []chan *worker
	alive    map[*worker]struct{}
	starting int
	retry    time.Duration
	barren   time.Time // since when none could be loaded; zero where the last one could
	closed   bool
	lost     chan error // gets the reason where the pool gives up
}

func newPool(warm, most int, start func() (*worker, error), report func(message, stack string)) *pool {
	return &pool{
		warm: warm, most: most, start: start, report: report,
		alive: map[*worker]struct{}{}, lost: make(chan error, 1),
	}
}

// open starts the warm workers. It returns when the first can be called, or its load error.
func (p *pool) open() error {
	w, err := p.start()
	if err != nil {
		return err
	}
	if err := w.awaitLoad(); err != nil {
		w.kill()
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.admit(w)
	p.refill()
	return nil
}

// acquire takes an idle worker or waits for one. It fails only when ctx ends.
func (p *pool) acquire(ctx context.Context) (*worker, error) {
	p.mu.Lock()
	if last := len(p.idle) - 1; last >= 0 {
		w := p.idle[last]
		p.idle = p.idle[:last]
		p.mu.Unlock()
		return w, nil
	}
	turn := make(chan *worker, 1)
	p.waiting = append(p.waiting, turn)
	if len(p.alive)+p.starting < p.most {
		time.AfterFunc(growAfter, p.grow)
	}
	p.mu.Unlock()
	select {
	case w := <-turn:
		return w, nil
	case <-ctx.Done():
		p.leave(turn)
		return nil, ctx.Err()
	}
}

// leave takes a waiting call out of the queue; a worker that it was just given goes back.
func (p *pool) leave(turn chan *worker) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, other := range p.waiting {
		if other == turn {
			p.waiting = append(p.waiting[:i], p.waiting[i+1:]...)
			return
		}
	}
	p.handOver(<-turn)
}

// release gives a worker back after its call. Who waits for it comes first: what this caller still has
// to do with its answer would leave the worker idle.
func (p *pool) release(w *worker) {
	p.mu.Lock()
	w.lastUsed = time.Now()
	awaited := len(p.waiting) > 0
	p.handOver(w)
	p.mu.Unlock()
	if awaited {
		runtime.Gosched()
	}
}

// handOver gives a worker to the call that waits longest. The lock is held.
func (p *pool) handOver(w *worker) {
	switch {
	case p.closed:
		w.stop()
	case w.retired.Load():
	case len(p.waiting) > 0:
		turn := p.waiting[0]
		p.waiting = p.waiting[1:]
		turn <- w
	default:
		p.idle = append(p.idle, w)
	}
}

// discard kills a worker and replaces it without waiting for its end.
func (p *pool) discard(w *worker) {
	w.kill()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.remove(w)
	p.refill()
}

// admit takes a loaded worker in and watches for its end. The lock is held.
func (p *pool) admit(w *worker) {
	p.alive[w] = struct{}{}
	p.handOver(w)
	go p.watch(w)
}

func (p *pool) watch(w *worker) {
	<-w.ended
	unexpected := !w.retired.Swap(true)
	p.mu.Lock()
	wasIdle := p.remove(w)
	p.refill()
	p.mu.Unlock()
	if unexpected && wasIdle { // one that was busy is reported with its call
		p.report("a worker ended while idle: "+w.how(), "")
	}
}

// remove forgets a worker and reports whether it was idle. The lock is held.
func (p *pool) remove(w *worker) bool {
	delete(p.alive, w)
	for i, other := range p.idle {
		if other == w {
			p.idle = append(p.idle[:i], p.idle[i+1:]...)
			return true
		}
	}
	return false
}

// shrink ends the workers above the warm ones that have long been idle; called from time to time.
func (p *pool) shrink(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.alive) > p.warm && len(p.idle) > 0 && now.Sub(p.idle[0].lastUsed) > shrinkAfter {
		w := p.idle[0]
		p.idle = p.idle[1:]
		delete(p.alive, w)
		w.stop()
	}
}

// close lets idle workers end by themselves, kills those that do not end within grace, and waits.
func (p *pool) close(grace time.Duration) {
	p.mu.Lock()
	p.closed = true
	workers := make([]*worker, 0, len(p.alive))
	for w := range p.alive {
		workers = append(workers, w)
	}
	for _, w := range p.idle {
		w.stop()
	}
	p.mu.Unlock()
	late := time.After(grace)
	for _, w := range workers {
		select {
		case <-w.ended:
		case <-late:
			late = closedTimer
			w.kill()
			<-w.ended
		}
	}
}

// closedTimer is a timer that has passed: once the grace is over it is over for all.
var closedTimer = func() <-chan time.Time {
	passed := make(chan time.Time)
	close(passed)
	return passed
}()

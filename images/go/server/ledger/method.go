package ledger

// Method stands for an HTTP method. Callers can make methods up, so all but the usual ones
// share one label; otherwise anybody could fill the memory of the metrics' readers.
type Method int

var methodNames = [...]string{
	"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "OTHER",
}

const (
	methodCount = len(methodNames)
	otherMethod = Method(methodCount - 1)
)

// MethodOf finds the method of a request.
func MethodOf(name string) Method {
	for i, known := range methodNames[:otherMethod] {
		if name == known {
			return Method(i)
		}
	}
	return otherMethod
}

func (m Method) String() string { return methodNames[m] }

package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// sourceFile is one Go file of the function's folder.
type sourceFile struct {
	name string
	text []byte
	// syntax is nil where not even the package clause can be read: the compiler will say why.
	syntax *ast.File
	set    *token.FileSet
	// base is the position of the file's first byte.
	base int
}

// parseFolder reads the Go files that belong to the program. Syntax errors are left to the compiler.
func parseFolder(folder string) ([]sourceFile, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	var files []sourceFile
	for _, path := range paths {
		name := filepath.Base(path)
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		set := token.NewFileSet()
		syntax, err := parser.ParseFile(set, name, text, parser.SkipObjectResolution)
		if err != nil && (syntax == nil || syntax.Name == nil) {
			syntax = nil
		}
		files = append(files, sourceFile{name, text, syntax, set, set.Base() - len(text) - 1})
	}
	return files, nil
}

// findFunction picks the file that MOD_NAME names, or the only one there is.
func findFunction(folder string, files []sourceFile) (sourceFile, error) {
	wanted := os.Getenv("MOD_NAME")
	if strings.ContainsAny(wanted, `/\`) {
		return sourceFile{}, fmt.Errorf("MOD_NAME is %q: set it to the name of the function's file, without suffix and path", wanted)
	}
	for _, file := range files {
		if file.name == wanted+".go" {
			return file, nil
		}
	}
	if wanted != "" {
		return sourceFile{}, fmt.Errorf("%s is missing: MOD_NAME is %q: name the function's file so, or set MOD_NAME to its name",
			filepath.Join(folder, wanted+".go"), wanted)
	}
	if len(files) != 1 {
		return sourceFile{}, fmt.Errorf("MOD_NAME is %q and %s holds %d Go files: set MOD_NAME to the name of the function's file without .go", wanted, folder, len(files))
	}
	return files[0], nil
}

// downloads lists the imported packages that come from modules: the first part of their path is a host.
func downloads(files []sourceFile) []string {
	var paths []string
	for _, file := range files {
		if file.syntax == nil {
			continue
		}
		for _, spec := range file.syntax.Imports {
			path, _ := strconv.Unquote(spec.Path.Value)
			host, _, _ := strings.Cut(path, "/")
			if strings.Contains(host, ".") && !strings.HasPrefix(path, "github.com/kubeless/kubeless/") {
				paths = append(paths, path)
			}
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// handler is the declaration that the server calls.
type handler struct {
	name string
	// file and line are where it stands, for the compiler's messages about its signature.
	file string
	line int
}

// findHandler looks the handler up by the names that the platform gives, FUNC_HANDLER first: Kubeless
// puts the handler into KUBELESS_FUNC_NAME, other platforms the name of the deployment.
func findHandler(main sourceFile, files []sourceFile) (handler, error) {
	asked := "FUNC_HANDLER"
	for _, variable := range []string{"FUNC_HANDLER", "KUBELESS_FUNC_NAME"} {
		name := os.Getenv(variable)
		if name == "" {
			continue
		}
		if found, ok := declared(name, files); ok {
			return found, nil
		}
		if os.Getenv(asked) == "" {
			asked = variable
		}
	}
	return handler{}, fmt.Errorf("%s is %q: set it to the name of a function that %s declares", asked, os.Getenv(asked), main.name)
}

// declared finds a function, or a variable that may hold one, at the top level of the package.
func declared(name string, files []sourceFile) (handler, bool) {
	for _, file := range files {
		if file.syntax == nil {
			continue
		}
		for _, declaration := range file.syntax.Decls {
			if ident := declares(declaration, name); ident != nil {
				return handler{name, file.name, file.set.Position(ident.Pos()).Line}, true
			}
		}
	}
	return handler{}, false
}

func declares(declaration ast.Decl, name string) *ast.Ident {
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil && d.Name.Name == name {
			return d.Name
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			if value, ok := spec.(*ast.ValueSpec); ok && d.Tok == token.VAR {
				for _, ident := range value.Names {
					if ident.Name == name {
						return ident
					}
				}
			}
		}
	}
	return nil
}

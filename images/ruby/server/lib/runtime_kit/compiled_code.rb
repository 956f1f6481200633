# frozen_string_literal: true

module RuntimeKit
  # The server and its libraries as Ruby compiled them when the image was made: to compile them anew took
  # a quarter of a start. Where nothing is kept, or a file is not the one that was compiled, or Ruby is
  # another, files are compiled as always.
  module CompiledCode
    # One file for all: a start reads it once.
    FILE = File.expand_path('../../compiled-code', __dir__)

    @kept = {}

    # Ruby asks this for each file that it is about to load.
    module Loading
      def load_iseq(path)
        CompiledCode.of(path) || (super if defined?(super))
      end
    end

    # From now on, until #forget.
    # @param file [String] what #keep wrote; no such file is no error
    def self.use(file = FILE)
      return unless File.file?(file)

      @kept = Marshal.load(File.binread(file)) # rubocop:disable Security/MarshalLoad -- the image's own file
      RubyVM::InstructionSequence.singleton_class.prepend(Loading)
    end

    # What is loaded from now on is the function's.
    def self.forget
      @kept = {}
    end

    # @param path [String] absolute
    # @return [RubyVM::InstructionSequence, nil] nil where Ruby has to compile it
    def self.of(path)
      state, code = @kept[path]
      RubyVM::InstructionSequence.load_from_binary(code) if code && state == state_of(path)
    rescue SystemCallError, RuntimeError
      nil # gone in the meantime; compiled by another Ruby
    end

    # Compiles all files that are loaded now.
    # @param file [String] where to keep what becomes of them
    def self.keep(file = FILE)
      paths = $LOADED_FEATURES.select { |path| path.end_with?('.rb') && File.file?(path) }
      kept = paths.to_h do |path|
        [path, [state_of(path), RubyVM::InstructionSequence.compile_file(path).to_binary]]
      end
      File.binwrite(file, Marshal.dump(kept))
    end

    # @return [Array(Integer, Integer)] what tells a file from a later one in its place
    def self.state_of(path)
      stat = File.stat(path)
      [stat.size, stat.mtime.to_i]
    end
    private_class_method :state_of
  end
end

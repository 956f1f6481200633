# frozen_string_literal: true

require_relative 'error_text'
require_relative 'forks'

module RuntimeKit
  # The user's function: a module file that is loaded once, and a method in it.
  class Function
    # The file cannot be loaded. The message has the reason with file and line.
    class LoadError < StandardError; end

    # @param configuration [Configuration]
    # @return [Function]
    # @raise [LoadError]
    # @raise [Configuration::Invalid] MOD_NAME or FUNC_HANDLER names nothing
    def self.load(configuration)
      path = configuration.path
      unless File.file?(path)
        raise Configuration::Invalid, "MOD_NAME is \"#{configuration.module_name}\": there is no file #{path}: " \
                                      'set it to the name of a file in MOD_ROOT_PATH, without .rb'
      end
      find_gems(configuration)
      $LOAD_PATH.unshift(configuration.root)
      new(configuration) { require_file(path) }
    end

    # The gems that the installation phase put on the volume, beside those of the image.
    def self.find_gems(configuration)
      gems = File.join(configuration.volume, 'vendor', 'bundle', 'ruby', RbConfig::CONFIG['ruby_version'])
      Gem.use_paths(Gem.dir, [gems, *Gem.path].uniq) if Dir.exist?(gems)
    end

    # Any error counts, a SyntaxError and `exit` too.
    def self.require_file(path)
      require path
      Forks.end_child(nil) if Forks.child?
    rescue Exception => e # rubocop:disable Lint/RescueException
      Forks.end_child(e) if Forks.child?
      raise LoadError, ErrorText.of(e)
    end
    private_class_method :find_gems, :require_file

    # @yield loads the file
    def initialize(configuration)
      @name = configuration.handler
      before = find
      yield
      # Every object has methods such as `puts`: only one that the file defined is its handler.
      @method = find
      refuse(configuration, 'defines no method of that name') if @method.nil? || @method == before
      refuse(configuration, 'defines it without the arguments (event, context)') unless takes_two?
    end

    # Calls the handler.
    # @param event [Hash]
    # @param context [Hash]
    # @return what the handler returns
    def call(event, context)
      @method.call(event, context)
    end

    private

    # `def handler` at the top level is a private method of Object, `def self.handler` one of main.
    def find
      TOPLEVEL_BINDING.receiver.method(@name)
    rescue NameError
      nil
    end

    def takes_two?
      [2, -1, -2, -3].include?(@method.arity)
    end

    def refuse(configuration, reason)
      raise Configuration::Invalid, "FUNC_HANDLER is \"#{@name}\": #{configuration.path} #{reason}: " \
                                    'set it to the name of a method def NAME(event, context) of that file'
    end
  end
end

# frozen_string_literal: true

# Sinatra as its introduction shows it, with the routes that the scenarios need and nothing else.

require 'json'
require 'puma'
require 'puma/configuration'
require 'puma/launcher'
require 'sinatra/base'

# One route, for the scenario that is measured.
class Scenarios < Sinatra::Base
  disable :logging
  # Without a list of hosts, as any server that is reached by an address.
  set :host_authorization, { permitted_hosts: [] }

  case ENV.fetch('SCENARIO')
  when 'hello'
    get('/') { 'hello world' }
  when 'json'
    post '/' do
      content_type :json
      JSON.generate(JSON.parse(request.body.read))
    end
  when 'large'
    post('/') { request.body.read.bytesize.to_s }
  when 'wait'
    get '/' do
      sleep 0.01
      'waited'
    end
  end
end

configuration = Puma::Configuration.new do |config|
  config.app Scenarios
  config.bind 'tcp://0.0.0.0:8080'
  config.threads 16, 16
  config.environment 'production'
end
Puma::Launcher.new(configuration).run

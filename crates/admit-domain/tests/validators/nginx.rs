//! nginx with njs.

use admit_domain::validators;

use crate::{
    front::{Front, Place},
    origin::Origin,
    trials,
    world::World,
};

const MODULES: [&str; 2] = ["/usr/lib/nginx/modules/ngx_http_js_module.so", "/etc/nginx/modules/ngx_http_js_module.so"];

fn start(world: &World) -> Option<Front> {
    let (nginx, module) = (Front::program(&["/usr/sbin/nginx"])?, Front::program(&MODULES)?);
    let (origin, place) = (Origin::start(), Place::new("nginx"));
    for page in world.pages(validators::Front::Nginx, place.path()) {
        place.write(page.name, &page.text);
    }
    let (folder, port, behind) = (place.path().to_owned(), place.port, origin.port);
    let configuration = format!(
        "load_module {module};
        daemon off; master_process off; pid {folder}/pid; error_log stderr notice;
        events {{ worker_connections 64; }}
        http {{
            access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
            fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
            server {{
                listen 127.0.0.1:{port};
                include {folder}/admit.conf;
                location /admit-origin/ {{
                    internal;
                    proxy_pass http://127.0.0.1:{behind}/;
                }}
                location / {{ return 404; }}
            }}
        }}"
    );
    let file = place.write("nginx.conf", &configuration).display().to_string();
    let arguments = ["-e", "stderr", "-p", &folder, "-c", &file];
    Some(Front::start(nginx, &arguments, place, origin))
}

#[test]
fn nginx_judges_as_the_gate_does() {
    trials::pass(start);
}

//! What a module exports, and which of its statements stands behind each name.

use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, MemberExpr, Prop, PropOrSpread};

use super::{Draft, Holds, first_member};
use crate::facts::{
    Take, Target,
    calls::{as_member, span_of_expr, stripped},
    collect::key_text,
    evaluate::Analysis,
    model::{Context, Exported, MemberWrite, PieceId, ScopeId, Source, Specifier},
    value::Value,
    ways::plain_key,
};

impl<'a> Analysis<'a> {
    pub(super) fn told_exports(&mut self, draft: &mut Draft<'a>) {
        self.exported_by_syntax(draft);
        if self.model.exports.is_empty() {
            self.exported_by_assignment(draft);
        }
    }

    fn exported_by_syntax(&mut self, draft: &mut Draft<'a>) {
        for index in 0..self.model.exports.len() {
            let export = &self.model.exports[index];
            let (name, value, scope, start) = (export.name, export.value, export.scope, export.start);
            let Some(piece) = self.model.piece_at(start) else {
                draft.open = true;
                continue;
            };
            match value {
                Exported::Local(local) => self.export_name(name, local, scope, piece, draft),
                Exported::From(import, inside) => match self.model.imports[import as usize].specifier {
                    Specifier::Constant(text) => draft.export(name, from(&text.value.to_string_lossy(), inside)),
                    Specifier::Computed(_) => draft.open = true,
                },
                Exported::Expr(expr) => self.export_value(name, expr, scope, piece, draft),
                Exported::Function(_) | Exported::Class(_) => draft.export(name, Target::Unit(piece)),
            }
        }
    }

    /// A name exported under this or another name.
    fn export_name(
        &mut self,
        name: &str,
        local: &swc_atoms::Atom,
        scope: ScopeId,
        piece: PieceId,
        draft: &mut Draft<'a>,
    ) {
        let Some(binding) = self.model.lookup(local, scope) else {
            return draft.export(name, Target::Unit(piece));
        };
        let modules = self.modules_held(binding);
        for (specifier, path) in &modules {
            let taken = path.split('.').next().filter(|taken| !taken.is_empty());
            draft.export(name, from(specifier, taken.unwrap_or("*")));
        }
        let home = self.model.bindings[binding as usize].piece;
        let Some(home) = draft.pieces.get_mut(home as usize).map(|unit| {
            unit.offers |= modules.is_empty();
            home
        }) else {
            draft.open = true;
            return;
        };
        if self.holds(binding) != Holds::Container {
            draft.pieces[home as usize].offers = false;
        }
        if modules.is_empty() {
            draft.export(name, Target::Unit(home));
        }
    }

    /// An expression exported under a name: a name of the module, something of another module, or the statement itself.
    fn export_value(&mut self, name: &str, expr: &'a Expr, scope: ScopeId, piece: PieceId, draft: &mut Draft<'a>) {
        let plain = stripped(expr);
        if let Expr::Ident(ident) = plain
            && self
                .model
                .lookup(&ident.sym, scope)
                .is_some_and(|binding| self.model.is_shared(binding))
        {
            return self.export_name(name, &ident.sym, scope, piece, draft);
        }
        if let Expr::Call(_) | Expr::Member(_) = plain
            && let Value::Module(specifier, path) = self.value(plain, scope)
        {
            let taken = path.split('.').next().filter(|taken| !taken.is_empty());
            return draft.export(name, from(&specifier, taken.unwrap_or("*")));
        }
        let made_here = matches!(plain, Expr::Fn(_) | Expr::Arrow(_) | Expr::Lit(_) | Expr::Unary(_));
        draft.pieces[piece as usize].offers |= !made_here;
        draft.export(name, Target::Unit(piece));
    }

    fn exported_by_assignment(&mut self, draft: &mut Draft<'a>) {
        for index in 0..self.model.member_writes.len() {
            let MemberWrite {
                target, value, scope, ..
            } = self.model.member_writes[index];
            let Some(place) = exports_member(target) else { continue };
            if self.is_declared(target, scope) {
                continue;
            }
            let Some(piece) = self.model.piece_at(span_of_expr(value).start) else {
                draft.open = true;
                continue;
            };
            match place {
                Place::Name("__esModule") => {}
                Place::Name(name) => self.export_value(name, value, scope, piece, draft),
                Place::Whole => self.export_whole(value, scope, piece, draft),
                Place::Unknown => draft.open = true,
            }
        }
        for name in ["exports", "module"] {
            self.mentions_of_exports(name, draft);
        }
        self.reassigned_exports(draft);
        if self.model.rootless.iter().any(|found| {
            matches!(found.chain, Expr::This(_) | Expr::Member(_)) && matches!(found.context, Context::Write(_))
        }) {
            draft.open = true;
        }
    }

    /// Whether the `exports` or `module` that a chain begins with is a name of the module's own.
    fn is_declared(&self, target: &MemberExpr, scope: ScopeId) -> bool {
        let mut at = &*target.obj;
        loop {
            at = match at {
                Expr::Member(member) => &member.obj,
                Expr::Paren(e) => &e.expr,
                Expr::Assign(_) => return false,
                Expr::Ident(ident) => return self.model.lookup(&ident.sym, scope).is_some(),
                _ => return true,
            };
        }
    }

    /// `module.exports = …`
    fn export_whole(&mut self, value: &'a Expr, scope: ScopeId, piece: PieceId, draft: &mut Draft<'a>) {
        let Expr::Object(object) = stripped(value) else {
            // `module.exports = exports.default` and the like export nothing new.
            if !matches!(first_root(value), Some("exports" | "module")) {
                self.export_value("default", value, scope, piece, draft);
                self.export_value("*", value, scope, piece, draft);
            }
            return;
        };
        draft.pieces[piece as usize].offers = true;
        draft.export("default", Target::Unit(piece));
        for prop in &object.props {
            match prop {
                PropOrSpread::Prop(prop) => match &**prop {
                    Prop::Shorthand(ident) => self.export_name(&ident.sym, &ident.sym, scope, piece, draft),
                    Prop::KeyValue(pair) => match key_text(&pair.key) {
                        Some(key) => self.export_value(key, &pair.value, scope, piece, draft),
                        None => draft.open = true,
                    },
                    Prop::Method(ast::MethodProp { key, .. }) | Prop::Getter(ast::GetterProp { key, .. }) => {
                        match key_text(key) {
                            Some(key) => draft.export(key, Target::Unit(piece)),
                            None => draft.open = true,
                        }
                    }
                    Prop::Setter(_) | Prop::Assign(_) => draft.open = true,
                },
                PropOrSpread::Spread(spread) => match self.value(&spread.expr, scope) {
                    Value::Module(specifier, path) if path.is_empty() => draft.export("*", from(&specifier, "*")),
                    _ => draft.open = true,
                },
            }
        }
    }

    /// What is done with `exports` and `module` besides assigning to them.
    fn mentions_of_exports(&mut self, text: &str, draft: &mut Draft<'a>) {
        let Some(name) = self.model.known_name(&text.into()) else {
            return;
        };
        let mut at = self.model.names[name as usize].first_ref;
        while let Some(read) = self.model.refs.get(at as usize) {
            at = read.next;
            let (chain, context, scope, start) = (read.chain, read.context, read.scope, read.start);
            if self.model.resolve(name, scope).is_some() || matches!(context, Context::Write(_)) {
                continue;
            }
            let (Some(chain), Some(piece)) = (chain, self.model.piece_at(start)) else {
                draft.open = true;
                continue;
            };
            let member = match (text, exported_member(chain)) {
                ("module", member) => member,
                (_, _) => first_member(chain),
            };
            match (member, context) {
                // Reading an export of its own.
                (Some(member), _) if text == "exports" || exported_member(chain).is_some() => {
                    let targets: Vec<u32> = draft
                        .exports
                        .iter()
                        .filter(|export| export.name == member)
                        .filter_map(|export| match export.target {
                            Target::Unit(unit) => Some(unit),
                            Target::From(_) => None,
                        })
                        .collect();
                    if targets.is_empty() && member != "__esModule" && member != "default" {
                        draft.open = true;
                    }
                    for target in targets {
                        draft.need(piece, target);
                    }
                }
                (_, Context::Update) => draft.open = true,
                (_, Context::Argument(call, _)) if !self.handed_to_helper(call, piece, draft) => draft.open = true,
                (_, Context::Argument(..) | Context::Test | Context::Write(_) | Context::Items(_)) => {}
                // `module.id`, `module.exports` read as a value.
                _ => {
                    draft.open |= text == "exports" || !matches!(first_member(chain), Some(m) if m != "exports");
                }
            }
        }
    }

    /// `Object.defineProperty(exports, 'x', …)`, `__exportStar(require('./x'), exports)`: true if it is understood.
    fn handed_to_helper(&mut self, call: u32, piece: PieceId, draft: &mut Draft<'a>) -> bool {
        let site = self.model.calls[call as usize];
        let Some(callee) = site.node.callee() else { return false };
        let args = site.node.arguments();
        if let Value::Api(path) = self.value(callee, site.scope) {
            if &*path != "Object.defineProperty" {
                return false;
            }
            let key = args.get(1).map(|arg| self.value(&arg.expr, site.scope));
            return match key.as_ref().and_then(Value::as_text) {
                Some("__esModule") => true,
                Some(key) => {
                    draft.export(key, Target::Unit(piece));
                    true
                }
                None => false,
            };
        }
        let helper = match as_member(stripped(callee)).map(|member| &member.prop) {
            Some(prop) => plain_key(prop),
            None => match stripped(callee) {
                Expr::Ident(ident) => Some(&*ident.sym),
                _ => None,
            },
        };
        if !matches!(
            helper,
            Some("__exportStar" | "__export" | "_export_star" | "__reExport")
        ) {
            return false;
        }
        let Some(Value::Module(specifier, _)) = args.first().map(|arg| self.value(&arg.expr, site.scope)) else {
            return false;
        };
        draft.export("*", from(&specifier, "*"));
        // The helper itself is code of the module, too.
        draft.export("*", Target::Unit(piece));
        true
    }

    /// `exports = module.exports = …`: the second assignment is what counts; any other value is unknown.
    fn reassigned_exports(&mut self, draft: &mut Draft<'a>) {
        let Some(name) = self.model.known_name(&"exports".into()) else {
            return;
        };
        let mut at = self.model.names[name as usize].first_assign;
        while let Some(assign) = self.model.assigns.get(at as usize) {
            at = assign.next;
            let module = match assign.source {
                Source::Expr(Expr::Assign(inner), _) => {
                    matches!(&inner.left, ast::AssignTarget::Simple(ast::SimpleAssignTarget::Member(member)) if exports_member(member).is_some())
                }
                Source::Expr(expr, _) => first_root(expr) == Some("module"),
                _ => false,
            };
            draft.open |= !module && self.model.resolve(name, assign.scope).is_none();
        }
    }
}

fn from(specifier: &str, name: &str) -> Target {
    Target::From(Take {
        specifier: specifier.to_owned(),
        name: name.to_owned(),
    })
}

/// What an assignment to a member of `exports` or `module` exports.
enum Place<'a> {
    Name(&'a str),
    Whole,
    Unknown,
}

/// `exports.x`, `module.exports.x`, `module.exports`
fn exports_member(target: &MemberExpr) -> Option<Place<'_>> {
    let key = plain_key(&target.prop);
    match stripped(&target.obj) {
        Expr::Ident(ident) if &*ident.sym == "exports" => Some(key.map_or(Place::Unknown, Place::Name)),
        Expr::Ident(ident) if &*ident.sym == "module" => (key == Some("exports")).then_some(Place::Whole),
        Expr::Member(inner) => match exports_member(inner)? {
            Place::Whole => Some(key.map_or(Place::Unknown, Place::Name)),
            // `exports.x.y = …` changes what is exported as x.
            Place::Name(name) => Some(Place::Name(name)),
            Place::Unknown => Some(Place::Unknown),
        },
        Expr::Assign(assign) => match &assign.left {
            ast::AssignTarget::Simple(ast::SimpleAssignTarget::Member(inner))
                if matches!(exports_member(inner), Some(Place::Whole)) =>
            {
                Some(key.map_or(Place::Unknown, Place::Name))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The x of a chain `module.exports.x…`.
fn exported_member(chain: &Expr) -> Option<&str> {
    let mut at = chain;
    let mut keys: [Option<&str>; 2] = [None, None];
    loop {
        at = match at {
            Expr::Member(member) => {
                keys = [plain_key(&member.prop), keys[0]];
                &member.obj
            }
            Expr::Call(call) => {
                keys = [None, None];
                call.callee.as_expr()?
            }
            Expr::Paren(e) => &e.expr,
            Expr::Ident(_) => return keys[1].filter(|_| keys[0] == Some("exports")),
            _ => return None,
        };
    }
}

/// The name that a chain of members begins with.
fn first_root(expr: &Expr) -> Option<&str> {
    let mut at = stripped(expr);
    loop {
        at = match at {
            Expr::Member(member) => stripped(&member.obj),
            Expr::Ident(ident) => return Some(&ident.sym),
            _ => return None,
        };
    }
}

//! The visitor's half for JSX: the expressions inside elements.

use swc_ecma_ast as ast;

use super::Visitor;
use crate::facts::model::Context;

impl<'a> Visitor<'a> {
    pub(super) fn jsx_element(&mut self, element: &'a ast::JSXElement) {
        self.deeper(1 + members(&element.opening.name), |v| v.jsx_parts(element));
    }

    fn jsx_parts(&mut self, element: &'a ast::JSXElement) {
        for attribute in &element.opening.attrs {
            match attribute {
                ast::JSXAttrOrSpread::SpreadElement(spread) => {
                    self.expr(&spread.expr, Context::Value);
                }
                ast::JSXAttrOrSpread::JSXAttr(attribute) => match &attribute.value {
                    Some(ast::JSXAttrValue::JSXExprContainer(container)) => {
                        self.jsx_container(container);
                    }
                    Some(ast::JSXAttrValue::JSXElement(element)) => self.jsx_element(element),
                    Some(ast::JSXAttrValue::JSXFragment(fragment)) => {
                        self.jsx_children(&fragment.children);
                    }
                    _ => {}
                },
            }
        }
        self.jsx_children(&element.children);
    }

    pub(super) fn jsx_children(&mut self, children: &'a [ast::JSXElementChild]) {
        for child in children {
            self.deeper(1, |v| v.jsx_child(child));
        }
    }

    fn jsx_child(&mut self, child: &'a ast::JSXElementChild) {
        match child {
            ast::JSXElementChild::JSXExprContainer(container) => self.jsx_container(container),
            ast::JSXElementChild::JSXSpreadChild(spread) => {
                self.expr(&spread.expr, Context::Value);
            }
            ast::JSXElementChild::JSXElement(element) => self.jsx_element(element),
            ast::JSXElementChild::JSXFragment(fragment) => {
                self.jsx_children(&fragment.children);
            }
            ast::JSXElementChild::JSXText(_) => {}
        }
    }

    fn jsx_container(&mut self, container: &'a ast::JSXExprContainer) {
        if let ast::JSXExpr::Expr(expr) = &container.expr {
            self.expr(expr, Context::Value);
        }
    }
}

/// How many members an element's name goes through: `a.b.c`.
fn members(name: &ast::JSXElementName) -> u32 {
    let ast::JSXElementName::JSXMemberExpr(outer) = name else {
        return 0;
    };
    let mut count = 1;
    let mut object = &outer.obj;
    while let ast::JSXObject::JSXMemberExpr(inner) = object {
        count += 1;
        object = &inner.obj;
    }
    count
}

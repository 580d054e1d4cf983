//! How deep a tree a text would make, counted on its tokens: an upper bound, in units of about 120 bytes of stack.

use super::lex::{Kind, Token};

/// What a text may cost at most. The dearest file of a thousand much-used packages costs 1,918 and all but four of
/// twenty thousand less than 1,000; a browser's stack takes twice the limit, the facts' evaluation included.
pub(crate) const LIMIT: u32 = 2600;

// The costs were measured in WASM, whose whole stack is about 8,190 units there: 8,190 by the longest run of each shape
// that the parser, a visitor and the drop survive, or more where the evaluation of the facts goes deeper.
const PAREN: u32 = 12;
const BRACKET: u32 = 11;
const BRACE: u32 = 9;
/// What brackets and braces cost more when they may be types.
const TYPE: u32 = 6;
const TYPE_ARGUMENTS: u32 = 12;
const TEMPLATE: u32 = 11;
const ELEMENT: u32 = 7;
const FUNCTION: u32 = 9;
const CLASS: u32 = 6;
const ARROW: u32 = 11;
const ASSIGN: u32 = 3;
const QUESTION: u32 = 2;
const LABEL: u32 = 5;
const STATEMENT: u32 = 6;
const ELSE: u32 = 1;
const NEW: u32 = 2;
const CONTEXTUAL: u32 = 4;
const LINK: u32 = 2;
const OPERATOR: u32 = 1;

/// How often TypeScript's parser may try to read the same text in another way, as a power of two. Its tries nest, so
/// each bracket inside one multiplies the time. Real code was seen to reach 17.
const DOUBT_LIMIT: u32 = 22;
/// Brackets inside what may be type arguments, and one more for each `<` around.
const ANGLE_DOUBT: u32 = 2;
/// `a ? (b) : c`, `async (`, `<T>`: an arrow function, perhaps.
const ARROW_DOUBT: u32 = 2;
/// `({`, `([`, an element: a pattern, a type or an expression.
const PATTERN_DOUBT: u32 = 1;

/// The cost of the tree above the current token.
pub(crate) struct Meter {
    /// Of the brackets that are open, and of what leads up to each.
    base: u32,
    /// Of the statements that wait for their bodies, in the innermost bracket.
    statement: u32,
    /// Of the operators and links that may be one expression, in the innermost bracket.
    expression: u32,
    /// `<` that may be open type arguments, in the innermost bracket.
    angles: u32,
    /// Tries around the current token, in the brackets around it and in the innermost one.
    outer_doubt: u32,
    doubt: u32,
    prev: Kind,
    open: Vec<Open>,
    typescript: bool,
}

struct Open {
    base: u32,
    statement: u32,
    expression: u32,
    angles: u32,
    outer_doubt: u32,
    doubt: u32,
}

impl Meter {
    pub(crate) fn new(typescript: bool) -> Self {
        Self {
            base: 0,
            statement: 0,
            expression: 0,
            angles: 0,
            outer_doubt: 0,
            doubt: 0,
            prev: Kind::Edge,
            open: Vec::with_capacity(64),
            typescript,
        }
    }

    /// Counts a token; what the tree costs down to it, or 0 if the token changes nothing.
    #[inline]
    pub(crate) fn count(&mut self, token: Token) -> u32 {
        let prev = std::mem::replace(&mut self.prev, token.kind);
        // Most tokens are names and values in the middle of an expression: they add nothing and end nothing.
        let ends = token.newline || matches!(prev, Kind::Semi | Kind::BlockClose | Kind::ObjectClose);
        if !ends && matches!(token.kind, Kind::Word | Kind::Number | Kind::Str | Kind::Statement) {
            return 0;
        }
        self.settle(prev, token);
        if self.typescript {
            self.doubt += doubt(prev, token.kind);
            if self.outer_doubt + self.doubt > DOUBT_LIMIT {
                return u32::MAX;
            }
        }
        match token.kind {
            Kind::Word
            | Kind::Async
            | Kind::Number
            | Kind::Str
            | Kind::Regex
            | Kind::Edge
            | Kind::Semi
            | Kind::TagEnd
            | Kind::Statement
            | Kind::Jump
            | Kind::Handler
            | Kind::Spread
            | Kind::Stray
            | Kind::TemplateMiddle
            | Kind::Colon => {}
            Kind::Sign if !prev.ends_operand() => self.expression += LINK,
            Kind::Infix | Kind::Binary | Kind::Sign => self.expression += OPERATOR,
            Kind::Dot
            | Kind::Chain
            | Kind::Power
            | Kind::Postfix
            | Kind::Template
            | Kind::Step
            | Kind::Unary
            | Kind::Prefix
            | Kind::At => self.expression += LINK,
            Kind::Contextual | Kind::Await => self.expression += CONTEXTUAL,
            Kind::Less => {
                self.expression += if self.typescript { TYPE_ARGUMENTS } else { LINK };
                self.angles += 1;
            }
            Kind::Greater => {
                self.expression += OPERATOR;
                self.angles = self.angles.saturating_sub(1);
            }
            Kind::New => self.expression += NEW,
            Kind::Assign => self.expression += ASSIGN,
            Kind::Arrow => self.expression += ARROW,
            Kind::Question => self.expression += QUESTION,
            Kind::Label => self.expression += LABEL,
            Kind::Function => self.expression += FUNCTION,
            Kind::Class => self.expression += CLASS,
            // `else if` is one link of a chain, not a statement in a statement.
            Kind::If if prev == Kind::Else => {}
            Kind::If | Kind::For | Kind::While | Kind::With | Kind::Do => {
                self.statement += STATEMENT;
            }
            Kind::Else => self.statement += ELSE,
            Kind::Case => (self.statement, self.expression) = (0, 0),
            // A child or an attribute is no deeper than the sibling before it.
            Kind::ElementText | Kind::Attribute => self.end_expression(),
            Kind::Comma => {
                if self.angles == 0 || !self.typescript {
                    self.end_expression();
                }
            }
            Kind::ParenOpen => self.push(PAREN),
            Kind::BracketOpen => self.push(BRACKET + self.type_cost()),
            Kind::BraceOpen => self.push(BRACE + self.type_cost()),
            Kind::TemplateHead => self.push(TEMPLATE),
            Kind::ElementOpen => {
                if prev != Kind::Assign && !starts_element_operand(prev) {
                    self.end_expression();
                }
                self.push(ELEMENT);
            }
            Kind::ParenClose
            | Kind::HeadClose
            | Kind::BracketClose
            | Kind::BlockClose
            | Kind::ObjectClose
            | Kind::TemplateTail
            | Kind::ElementClose => self.pop(),
        }
        self.total()
    }

    /// What the tree costs down to the last token.
    pub(crate) fn total(&self) -> u32 {
        self.base.saturating_add(self.statement).saturating_add(self.expression)
    }

    /// Drops the cost of what ended before the token: an expression, a whole statement.
    #[inline]
    fn settle(&mut self, prev: Kind, token: Token) {
        let over = match prev {
            Kind::Semi => true,
            Kind::BlockClose | Kind::ObjectClose => begins(token.kind) || carries_on(token.kind),
            Kind::Step => false,
            _ => token.newline && prev.ends_operand() && begins(token.kind),
        };
        if over {
            self.end_expression();
            if !carries_on(token.kind) {
                self.statement = 0;
            }
        }
    }

    fn type_cost(&self) -> u32 {
        if self.typescript { TYPE } else { 0 }
    }

    fn end_expression(&mut self) {
        (self.expression, self.angles, self.doubt) = (0, 0, 0);
    }

    fn push(&mut self, cost: u32) {
        let Self {
            base,
            statement,
            expression,
            angles,
            outer_doubt,
            doubt,
            ..
        } = *self;
        self.open.push(Open {
            base,
            statement,
            expression,
            angles,
            outer_doubt,
            doubt,
        });
        self.base = base
            .saturating_add(statement)
            .saturating_add(expression)
            .saturating_add(cost);
        // What is tried at all is tried again with every bracket in it.
        let again = u32::from(outer_doubt + doubt > 0);
        self.outer_doubt += doubt + if angles > 0 { ANGLE_DOUBT + angles.min(4) } else { again };
        self.statement = 0;
        self.end_expression();
    }

    fn pop(&mut self) {
        if let Some(open) = self.open.pop() {
            self.base = open.base;
            self.statement = open.statement;
            self.angles = open.angles;
            self.outer_doubt = open.outer_doubt;
            self.doubt = open.doubt;
            self.expression = open.expression + LINK;
        }
    }
}

/// How many tries a token begins.
fn doubt(prev: Kind, kind: Kind) -> u32 {
    match kind {
        Kind::ParenOpen if matches!(prev, Kind::Question | Kind::Async | Kind::Contextual) => ARROW_DOUBT,
        Kind::Less if prev == Kind::Async || !prev.ends_operand() => ARROW_DOUBT,
        Kind::BraceOpen | Kind::BracketOpen if prev == Kind::ParenOpen => PATTERN_DOUBT,
        Kind::ParenOpen if matches!(prev, Kind::Colon | Kind::Label) => PATTERN_DOUBT,
        Kind::ElementOpen if starts_element_operand(prev) => PATTERN_DOUBT,
        _ => 0,
    }
}

/// Whether an element after this token is an operand, not another's child or its attribute.
fn starts_element_operand(prev: Kind) -> bool {
    !matches!(
        prev,
        Kind::TagEnd | Kind::ElementText | Kind::ElementClose | Kind::BlockClose | Kind::ObjectClose | Kind::Assign
    )
}

/// Whether a statement or a member may begin with the token, but no expression goes on with it.
fn begins(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Word
            | Kind::Async
            | Kind::Number
            | Kind::Str
            | Kind::If
            | Kind::For
            | Kind::With
            | Kind::Do
            | Kind::Function
            | Kind::Class
            | Kind::New
            | Kind::Prefix
            | Kind::Await
            | Kind::Case
            | Kind::Jump
            | Kind::Statement
            | Kind::Unary
            | Kind::At
    )
}

/// Whether the token goes on with a statement whose part has just ended.
fn carries_on(kind: Kind) -> bool {
    matches!(kind, Kind::Else | Kind::While | Kind::Handler)
}
